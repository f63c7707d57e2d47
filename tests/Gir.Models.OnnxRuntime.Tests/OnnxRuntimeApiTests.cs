using Gir.PublicApi.Tests;

namespace Gir.Models.OnnxRuntime.Tests;

public sealed class OnnxRuntimeApiTests
{
    [Test]
    public void The_public_surface_equals_its_baseline() => ApiBaseline.Check("Gir.Models.OnnxRuntime");
}
