using Gir.Imaging;
using Gir.Metrics;

namespace Gir.Evaluation.Tests;

/// <summary>A metric that has no score for any image.</summary>
internal sealed class NoNumber : INoReferenceMetric
{
    public string Name => "nothing";

    public MetricScore Measure(ImageBuffer image) => new(Name, double.NaN, "none", true);
}
