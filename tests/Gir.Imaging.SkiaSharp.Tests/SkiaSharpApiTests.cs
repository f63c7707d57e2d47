using Gir.PublicApi.Tests;

namespace Gir.Imaging.SkiaSharp.Tests;

public sealed class SkiaSharpApiTests
{
    [Test]
    public void The_public_surface_equals_its_baseline() => ApiBaseline.Check("Gir.Imaging.SkiaSharp");
}
