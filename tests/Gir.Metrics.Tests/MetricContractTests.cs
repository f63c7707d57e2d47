using Gir.Imaging;
using Gir.Metrics.FullReference;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Tests;

/// <summary>What holds for every metric of the catalog.</summary>
[TestFixture]
public class MetricContractTests
{
    private static readonly MetricCatalog Catalog = new();

    private static IEnumerable<string> FullReference => Catalog.FullReference.Select(m => m.Name);

    private static IEnumerable<string> NoReference => Catalog.NoReference.Select(m => m.Name);

    private static GoldenPair Pair => GoldenPairs.Synthetic.Pairs.Single(p => p.Name == "scene23.jpeg10");

    [TestCaseSource(nameof(FullReference))]
    public void A_full_reference_score_does_not_depend_on_threads(string name)
    {
        IFullReferenceMetric metric = Catalog.FindFullReference(name);
        double expected = metric.Measure(Pair.Reference, Pair.Distorted).Value;
        foreach (int threads in new[] { 2, 3, 8 })
            Assert.That(metric.Measure(Pair.Reference, Pair.Distorted, new Parallelism(threads)).Value, Is.EqualTo(expected), $"{threads} threads");
    }

    [TestCaseSource(nameof(NoReference))]
    public void A_no_reference_score_does_not_depend_on_threads(string name)
    {
        INoReferenceMetric metric = Catalog.FindNoReference(name);
        double expected = metric.Measure(Pair.Distorted).Value;
        foreach (int threads in new[] { 2, 3, 8 })
            Assert.That(metric.Measure(Pair.Distorted, new Parallelism(threads)).Value, Is.EqualTo(expected), $"{threads} threads");
    }

    [TestCaseSource(nameof(FullReference))]
    public void Identical_images_score_best_and_degraded_ones_worse(string name)
    {
        IFullReferenceMetric metric = Catalog.FindFullReference(name);
        MetricScore best = metric.Measure(Pair.Reference, Pair.Reference);
        MetricScore worse = metric.Measure(Pair.Reference, Pair.Distorted);
        // VIFp divides by a variance plus 1e-10, so its best is that much below 1 by definition.
        double tolerance = name == "vifp" ? 1e-10 : 1e-12;
        Assert.That(best.Value, Is.EqualTo(name == "psnr" ? double.PositiveInfinity : best.HigherIsBetter ? 1 : 0).Within(tolerance));
        if (best.ZeroIsBest)
            Assert.That(worse.Value, Is.Not.Zero.And.InRange(-3, 3));
        else
            Assert.That(worse.Value, best.HigherIsBetter ? Is.LessThan(best.Value) : Is.GreaterThan(best.Value));
        Assert.That(worse.Metric, Is.EqualTo(name));
        Assert.That(worse.Convention, Is.Not.Empty);
    }

    [TestCaseSource(nameof(FullReference))]
    public void Different_shapes_are_refused_with_both_named(string name) =>
        Assert.That(
            () => Catalog.FindFullReference(name).Measure(new ImageBuffer(3, 200, 200), new ImageBuffer(3, 200, 201)),
            Throws.ArgumentException.With.Message.Contains("3 x 200 x 200").And.Message.Contains("3 x 200 x 201"));

    [TestCaseSource(nameof(FullReference))]
    public void A_sample_that_is_no_number_is_refused_with_its_place(string name)
    {
        var image = new ImageBuffer(3, 200, 200);
        image[1, 20, 30] = float.NaN;
        Assert.That(
            () => Catalog.FindFullReference(name).Measure(new ImageBuffer(3, 200, 200), image),
            Throws.ArgumentException.With.Message.Contains("channel 1, row 20, column 30"));
    }

    [TestCaseSource(nameof(FullReference))]
    public void Levels_of_0_to_255_are_refused_with_the_hint_to_divide(string name)
    {
        var unit = new ImageBuffer(3, 200, 200);
        var levels = new ImageBuffer(3, 200, 200);
        levels[1, 20, 30] = 200;
        foreach ((ImageBuffer reference, ImageBuffer distorted) in new[] { (unit, levels), (levels, unit), (levels, levels) })
        {
            Assert.That(
                () => Catalog.FindFullReference(name).Measure(reference, distorted),
                Throws.ArgumentException.With.Message.Contains("channel 1, row 20, column 30").And.Message.Contains("Divide levels of 0..255 by 255"));
        }
    }

    [TestCaseSource(nameof(NoReference))]
    public void Levels_of_0_to_255_are_refused_without_reference_too(string name)
    {
        var levels = new ImageBuffer(3, 200, 200);
        levels[2, 0, 199] = 255;
        Assert.That(
            () => Catalog.FindNoReference(name).Measure(levels),
            Throws.ArgumentException.With.Message.Contains("channel 2, row 0, column 199").And.Message.Contains("Divide levels of 0..255 by 255"));
    }

    [Test]
    public void What_a_metric_says_of_a_shape_is_what_it_does_with_it()
    {
        var catalog = new MetricCatalog(new MetricProfile { Crop = 1 });
        foreach (int channels in new[] { 1, 2, 3, 4 })
        {
            foreach (int size in new[] { 1, 2, 3, 4, 5, 6, 12, 13, 17, 18, 32, 42, 43, 97, 98, 162, 163 })
            {
                var image = new ImageBuffer(channels, size, size + 1);
                foreach (IFullReferenceMetric metric in catalog.FullReference)
                    Same(metric.Name, metric.WhyUnfit(channels, size, size + 1), () => metric.Measure(image, image));
                foreach (INoReferenceMetric metric in catalog.NoReference)
                    Same(metric.Name, metric.WhyUnfit(channels, size, size + 1), () => metric.Measure(image));

                void Same(string name, string? why, Func<MetricScore> measure)
                {
                    if (why is null)
                        Assert.That(() => measure(), Throws.Nothing, $"{name}, {image}");
                    else
                        Assert.That(() => measure(), Throws.ArgumentException.With.Message.StartsWith(why), $"{name}, {image}");
                }
            }
        }
    }

    [TestCaseSource(nameof(NoReference))]
    public void A_sample_that_is_infinite_is_refused_with_its_place(string name)
    {
        var image = new ImageBuffer(3, 200, 200);
        image[2, 0, 199] = float.PositiveInfinity;
        Assert.That(
            () => Catalog.FindNoReference(name).Measure(image),
            Throws.ArgumentException.With.Message.Contains("channel 2, row 0, column 199"));
    }

    [TestCaseSource(nameof(FullReference))]
    public void One_pixel_is_scored_or_refused_as_too_small(string name)
    {
        IFullReferenceMetric metric = Catalog.FindFullReference(name);
        var black = new ImageBuffer(3, 1, 1);
        var gray = new ImageBuffer(3, 1, 1, [0.5f, 0.5f, 0.5f]);
        if (metric is Psnr or Rmse or Mae or Ciede2000)
            Assert.That(metric.Measure(black, gray).Value, Is.GreaterThan(0).And.LessThan(100));
        else
            Assert.That(() => metric.Measure(black, gray), Throws.ArgumentException.With.Message.Contains("1 x 1"));
    }

    [TestCaseSource(nameof(NoReference))]
    public void One_pixel_is_scored_or_refused_as_too_small_without_reference_too(string name)
    {
        INoReferenceMetric metric = Catalog.FindNoReference(name);
        var image = new ImageBuffer(3, 1, 1);
        if (metric is Niqe or Piqe)
            Assert.That(() => metric.Measure(image), Throws.ArgumentException.With.Message.Contains("1 x 1"));
        else
            Assert.That(metric.Measure(image).Value, Is.EqualTo(0));
    }

    [TestCaseSource(nameof(FullReference))]
    public void Gray_images_are_scored_where_the_metric_has_a_gray_form(string name)
    {
        (ImageBuffer reference, ImageBuffer distorted) = (GoldenGray.Rounded(Pair.Reference), GoldenGray.Rounded(Pair.Distorted));
        IFullReferenceMetric metric = Catalog.FindFullReference(name);
        if (name is "fsimc" or "ciede2000")
            Assert.That(() => metric.Measure(reference, distorted), Throws.ArgumentException.With.Message.Contains("3 channels"));
        else
            Assert.That(metric.Measure(reference, distorted).Value, Is.Not.NaN);
    }

    [Test]
    public void The_map_of_SSIM_has_the_score_as_its_mean()
    {
        var metric = new Ssim(new SsimOptions { Crop = 3 });
        ImageBuffer map = metric.MeasureMap(Pair.Reference, Pair.Distorted);
        Assert.That(map.Height, Is.EqualTo(Pair.Reference.Height - 16));
        double mean = map.Samples.ToArray().Average(v => (double)v);
        // The map is rounded to float32.
        Assert.That(mean, Is.EqualTo(metric.Measure(Pair.Reference, Pair.Distorted).Value).Within(1e-7));
    }

    [Test]
    public void The_crop_is_the_crop_of_both_images()
    {
        ImageBuffer reference = Pair.Reference.Crop(5, 5, Pair.Reference.Height - 10, Pair.Reference.Width - 10);
        ImageBuffer distorted = Pair.Distorted.Crop(5, 5, Pair.Reference.Height - 10, Pair.Reference.Width - 10);
        var cropping = new MetricCatalog(new MetricProfile { Crop = 5 });
        foreach (IFullReferenceMetric metric in Catalog.FullReference)
        {
            Assert.That(
                cropping.FindFullReference(metric.Name).Measure(Pair.Reference, Pair.Distorted).Value,
                Is.EqualTo(metric.Measure(reference, distorted).Value).Within(1e-12),
                metric.Name);
        }

        foreach (INoReferenceMetric metric in Catalog.NoReference)
            Assert.That(cropping.FindNoReference(metric.Name).Measure(Pair.Distorted).Value, Is.EqualTo(metric.Measure(distorted).Value), metric.Name);
    }

    [Test]
    public void GMSD_without_the_odd_edge_is_that_of_the_even_image()
    {
        GoldenPair odd = Pair;
        Assert.That(odd.Reference.Height % 2 == 1 && odd.Reference.Width % 2 == 1);
        (int height, int width) = (odd.Reference.Height - 1, odd.Reference.Width - 1);
        double even = new Gmsd().Measure(odd.Reference.Crop(0, 0, height, width), odd.Distorted.Crop(0, 0, height, width)).Value;
        Assert.That(new Gmsd(dropOddEdge: true).Measure(odd.Reference, odd.Distorted).Value, Is.EqualTo(even));
        Assert.That(new Gmsd().Measure(odd.Reference, odd.Distorted).Value, Is.Not.EqualTo(even));
    }

    [Test]
    public void Clamping_the_contrast_raises_SSIM_only_where_it_was_negative()
    {
        var clamped = new Ssim(new SsimOptions { ClampContrast = true });
        Assert.That(clamped.MeasureMap(Pair.Reference, Pair.Distorted).Samples.ToArray(), Has.All.GreaterThanOrEqualTo(0f));
        float[] plain = new Ssim().MeasureMap(Pair.Reference, Pair.Distorted).Samples.ToArray();
        Assert.That(plain, Has.Some.LessThan(0f));
        Assert.That(clamped.MeasureMap(Pair.Reference, Pair.Distorted).Samples.ToArray(), Is.EqualTo(plain.Select(v => Math.Max(v, 0f))));
    }

    [Test]
    public void A_warm_full_reference_score_allocates_next_to_nothing()
    {
        foreach (string name in new[] { "psnr", "ssim", "gmsd", "vifp" })
        {
            IFullReferenceMetric metric = Catalog.FindFullReference(name);
            metric.Measure(Pair.Reference, Pair.Distorted);
            long before = GC.GetAllocatedBytesForCurrentThread();
            metric.Measure(Pair.Reference, Pair.Distorted);
            // A few small handles, whatever the image's size.
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8192), name);
        }
    }

    [TestCase("fsim")]
    [TestCase("fsimc")]
    public void FSIM_rents_its_planes(string name)
    {
        IFullReferenceMetric metric = Catalog.FindFullReference(name);
        metric.Measure(Pair.Reference, Pair.Distorted);
        long before = GC.GetAllocatedBytesForCurrentThread();
        metric.Measure(Pair.Reference, Pair.Distorted);
        // Less than a single plane of doubles: tables of the transform's sines and small handles.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Pair.Reference.PlaneLength * sizeof(double) / 4));
    }
}
