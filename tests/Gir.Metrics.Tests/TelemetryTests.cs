using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Metrics.Tests;

/// <summary>What holds for every metric of the catalog: it is timed, and a token stops it.</summary>
[OnePass]
public sealed class TelemetryTests
{
    private static readonly MetricCatalog s_catalog = new();

    private static IEnumerable<string> FullReference => s_catalog.FullReference.Select(m => m.Name);

    private static IEnumerable<string> NoReference => s_catalog.NoReference.Select(m => m.Name);

    [TestCaseSource(nameof(FullReference))]
    public void A_metric_with_reference_is_timed_and_can_be_stopped(string name)
    {
        ImageBuffer image = Textured();
        using var listening = new Listening("Gir.Metrics");
        IFullReferenceMetric metric = s_catalog.FindFullReference(name);
        double value = metric.Measure(image, image).Value;
        Check(listening, metric.Name);

        using var idle = new CancellationTokenSource();
        Assert.That(metric.Measure(image, image, new Parallelism(2).WithCancellation(idle.Token)).Value, Is.EqualTo(value), "a token changes no bit");
        Assert.That(
            () => metric.Measure(image, image, Parallelism.Sequential.WithCancellation(new CancellationToken(canceled: true))),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCaseSource(nameof(NoReference))]
    public void A_metric_without_reference_is_timed_and_can_be_stopped(string name)
    {
        ImageBuffer image = Textured();
        using var listening = new Listening("Gir.Metrics");
        INoReferenceMetric metric = s_catalog.FindNoReference(name);
        double value = metric.Measure(image).Value;
        Check(listening, metric.Name);

        using var idle = new CancellationTokenSource();
        Assert.That(metric.Measure(image, new Parallelism(2).WithCancellation(idle.Token)).Value, Is.EqualTo(value), "a token changes no bit");
        Assert.That(
            () => metric.Measure(image, Parallelism.Sequential.WithCancellation(new CancellationToken(canceled: true))),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static void Check(Listening listening, string name)
    {
        Assert.That(listening.Measurements.Select(m => (m.Name, m.Tags)), Is.EqualTo(new[] { ("gir.metrics.measure.duration", "gir.metric=" + name) }));
        Assert.That(listening.Activities.Select(a => a.OperationName), Is.EqualTo(new[] { "gir.measure" }));
    }

    private static ImageBuffer Textured()
    {
        var image = new ImageBuffer(3, 192, 200);
        Philox4x32.FillUniform(image.Samples, seed: 5);
        return image;
    }
}
