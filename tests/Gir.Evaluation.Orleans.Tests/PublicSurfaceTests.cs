using Gir.PublicApi.Tests;

namespace Gir.Evaluation.Orleans.Tests;

public sealed class PublicSurfaceTests
{
    [Test]
    public void The_public_surface_equals_its_baseline() => ApiBaseline.Check("Gir.Evaluation.Orleans");
}
