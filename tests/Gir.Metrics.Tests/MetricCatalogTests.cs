using Gir.Imaging;
using Gir.Imaging.Codecs;
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
    public void A_profile_moves_color_and_crop()
    {
        var catalog = new MetricCatalog(MetricProfile.Parse("SR", 4));
        MetricScore score = catalog.FindFullReference("psnr").Measure(new ImageBuffer(3, 16, 16), new ImageBuffer(3, 16, 16));
        Assert.That(score.Convention, Is.EqualTo("Y of BT.601 (16..235), crop 4, range 1"));
        Assert.That(score.Value, Is.EqualTo(double.PositiveInfinity));
        Assert.That(() => MetricProfile.Parse("sr"), Throws.ArgumentException.With.Message.Contains("scale"));
        Assert.That(() => MetricProfile.Parse("srr"), Throws.ArgumentException.With.Message.Contains("pyiqa"));
    }

    [Test]
    public void The_names_of_pyiqa_mean_what_they_mean_there()
    {
        var pyiqa = new MetricCatalog(MetricProfile.PyIqa);
        foreach (GoldenPair pair in GoldenPairs.Synthetic.Pairs.Take(6))
        {
            double Value(string name) => pyiqa.FindFullReference(name).Measure(pair.Reference, pair.Distorted).Value;
            Assert.That(Value("psnr"), Is.EqualTo(Psnr(pair, rgb: true)).Within(1e-9), pair.Name);
            Assert.That(Value("psnry"), Is.EqualTo(Psnr(pair, rgb: false)).Within(1e-9), pair.Name);
            Assert.That(Value("fsim"), Is.EqualTo(pair.Values["fsimc"]).Within(1e-6), pair.Name);
            Assert.That(Value("rmse"), Is.EqualTo(pair.Values["rmse255"] / 255).Within(1e-12), pair.Name);
        }

        Assert.That(pyiqa.FindFullReference("ms_ssim").Name, Is.EqualTo("ms-ssim"));
        Assert.That(new MetricCatalog().FullReference.Select(m => m.Name), Has.None.EqualTo("psnry"));

        static double Psnr(GoldenPair pair, bool rgb)
        {
            int length = pair.Reference.PlaneLength;
            double sum = 0;
            for (int i = 0; i < length; i++)
            {
                double gray = 0;
                for (int c = 0; c < 3; c++)
                {
                    double difference = (Level(pair.Reference.Samples[(c * length) + i]) - Level(pair.Distorted.Samples[(c * length) + i])) / 255;
                    sum += rgb ? difference * difference / 3 : 0;
                    gray += difference * (c == 0 ? 0.299 : c == 1 ? 0.587 : 0.114);
                }

                sum += rgb ? 0 : gray * gray;
            }

            return -10 * Math.Log10((sum / length) + 1e-8);
        }

        static double Level(float sample) => Math.Round(sample * 255.0);
    }

    [Test]
    [Category(TestData.RealData)]
    public void PSNR_agrees_with_pyiqa_to_its_printed_digits()
    {
        string folder = TestData.Shared("faults", "pyiqa-profile-psnr");
        ImageBuffer reference = ImageFile.Load(Path.Combine(folder, "ra.png"));
        ImageBuffer distorted = ImageFile.Load(Path.Combine(folder, "rb.png"));
        var pyiqa = new MetricCatalog(MetricProfile.PyIqa);
        Assert.That(pyiqa.FindFullReference("psnr").Measure(reference, distorted).Value, Is.EqualTo(26.5593).Within(5e-5));
        Assert.That(pyiqa.FindFullReference("psnry").Measure(reference, distorted).Value, Is.EqualTo(30.1130).Within(5e-5));
    }

    [Test]
    public void The_container_gives_one_catalog_of_the_configured_profile()
    {
        using ServiceProvider provider = new ServiceCollection().AddGirMetrics(o => o.Profile = MetricProfile.PyIqa).BuildServiceProvider();
        var catalog = provider.GetRequiredService<IMetricCatalog>();
        Assert.That(catalog, Is.SameAs(provider.GetRequiredService<IMetricCatalog>()));
        var image = new ImageBuffer(3, 16, 16);
        Assert.That(catalog.FindFullReference("psnr").Measure(image, image).Value, Is.EqualTo(80).Within(1e-9));
    }
}
