using Gir.Imaging;
using Microsoft.Extensions.DependencyInjection;

namespace Gir.Metrics.Tests;

[TestFixture]
public class MetricCatalogTests
{
    [Test]
    public void Metrics_are_found_by_name_in_any_case()
    {
        var catalog = new MetricCatalog();
        Assert.That(catalog.FindFullReference("PSNR").Name, Is.EqualTo("psnr"));
        Assert.That(catalog.FullReference.Select(m => m.Name), Is.Unique.And.SupersetOf(new[] { "psnr", "ssim" }));
    }

    [Test]
    public void An_unknown_name_is_refused_with_the_names_there_are() =>
        Assert.That(() => new MetricCatalog().FindFullReference("psmr"), Throws.ArgumentException.With.Message.Contains("psmr").And.Message.Contains("psnr, ssim"));

    [Test]
    public void A_profile_moves_colour_and_crop()
    {
        var catalog = new MetricCatalog(MetricProfile.Parse("SR", 4));
        MetricScore score = catalog.FindFullReference("psnr").Measure(new ImageBuffer(3, 16, 16), new ImageBuffer(3, 16, 16));
        Assert.That(score.Convention, Is.EqualTo("Y of BT.601 (16..235), crop 4, range 1"));
        Assert.That(score.Value, Is.EqualTo(double.PositiveInfinity));
        Assert.That(() => MetricProfile.Parse("sr"), Throws.ArgumentException.With.Message.Contains("scale"));
        Assert.That(() => MetricProfile.Parse("srr"), Throws.ArgumentException.With.Message.Contains("pyiqa"));
    }

    [Test]
    public void The_container_gives_one_catalog_of_the_configured_profile()
    {
        using ServiceProvider provider = new ServiceCollection().AddGirMetrics(o => o.Profile = MetricProfile.PyIqa).BuildServiceProvider();
        var catalog = provider.GetRequiredService<IMetricCatalog>();
        Assert.That(catalog, Is.SameAs(provider.GetRequiredService<IMetricCatalog>()));
        var image = new ImageBuffer(3, 16, 16);
        Assert.That(catalog.FindFullReference("psnr").Measure(image, image).Value, Is.EqualTo(80));
    }
}
