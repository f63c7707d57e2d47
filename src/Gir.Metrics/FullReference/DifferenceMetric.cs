using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>What metrics of one mean difference share: color, crop, the convention's name and the unit, the range [0, 1].</summary>
/// <typeparam name="TTerm">What is averaged, in levels.</typeparam>
internal sealed class DifferenceMetric<TTerm>
    where TTerm : struct, PairSum.ITerm
{
    private readonly string _name;
    private readonly MetricColor _color;
    private readonly int _crop;
    private readonly string _convention;
    private readonly Func<double, double> _ofMean;

    /// <summary>A metric.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="color">The plane or planes compared.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <param name="ofMean">The score in levels of the mean term.</param>
    public DifferenceMetric(string name, MetricColor color, int crop, Func<double, double> ofMean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        (_name, _color, _crop, _ofMean) = (name, color, crop, ofMean);
        _convention = $"{MetricText.Of(color, crop)}, range 1";
    }

    public string? WhyUnfit(int channels, int height, int width) => DifferenceMean.Needs(_name, _color, _crop).Unfit(channels, height, width);

    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(_name, parallelism);
        double mean = DifferenceMean.Of<TTerm>(_name, reference, distorted, _color, _crop, parallelism);
        return work.Complete(new MetricScore(_name, _ofMean(mean) / 255, _convention, HigherIsBetter: false));
    }
}
