namespace Gir.PublicApi.Tests;

/// <summary>A public signature changes only together with its baseline, so that every change is seen in review.</summary>
public sealed class PublicApiTests
{
    [TestCase("Gir.Imaging")]
    [TestCase("Gir.Degradations")]
    [TestCase("Gir.Metrics")]
    [TestCase("Gir.Models")]
    [TestCase("Gir.Evaluation")]
    [TestCase("Gir.Reports")]
    public void The_public_surface_equals_its_baseline(string package) => ApiBaseline.Check(package);
}
