using Gir.PublicApi.Tests;

namespace Gir.Models.TorchSharp.Tests;

public sealed class TorchApiTests
{
    [Test]
    public void The_public_surface_equals_its_baseline() => ApiBaseline.Check("Gir.Models.TorchSharp");
}
