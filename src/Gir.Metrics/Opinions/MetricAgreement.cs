using Gir.Imaging;
using Gir.Metrics.Analysis;

namespace Gir.Metrics.Opinions;

/// <summary>One metric over the whole and over every resample.</summary>
internal sealed class MetricAgreement
{
    private readonly Bootstrap _bootstrap;
    private readonly AgreementSample _sample;
    private readonly WithinScenes? _within;
    private readonly AgreementValues _whole;
    private readonly AgreementValues[] _resamples;

    public MetricAgreement(
        OpinionMetric metric, OpinionScale scale, Opinion[] opinions, SceneBlocks blocks, Bootstrap bootstrap, Parallelism parallelism, CancellationToken cancellationToken)
    {
        Name = metric.Name;
        _bootstrap = bootstrap;
        double[] x = Array.ConvertAll(opinions, o => metric.Turned(metric.Scores[o.Image], scale));
        double[] y = Array.ConvertAll(opinions, o => scale == OpinionScale.LowerIsBetter ? -o.Score : o.Score);
        double[] spread = Array.ConvertAll(opinions, o => o.Spread ?? 0);
        _sample = new AgreementSample(x, y, spread, blocks.Starts, parallelism, cancellationToken);
        _whole = _sample.Whole();
        _resamples = new AgreementValues[bootstrap.Draws.Length];
        parallelism.For(_resamples.Length, 1, new Resampling(_sample, bootstrap, _resamples, cancellationToken), cancellationToken);
        var within = new WithinScenes(x, y, blocks);
        _within = blocks.HasScenes && within.Count > 0 ? within : null;
    }

    public string Name { get; }

    public OpinionAgreement Report(MetricAgreement? against) => new(
        Name,
        new OverallAgreement(
            Around(v => v.Srcc), Around(v => v.Krcc), Around(v => v.Plcc), Around(v => v.LinearPlcc), Around(v => v.Rmse), Around(v => v.Accuracy), _sample.FitConverged),
        Scenes(),
        against is null || ReferenceEquals(against, this) ? null : new AgreementDifference(
            against.Name, Less(against, v => v.Srcc), Less(against, v => v.Krcc), Less(against, v => v.Plcc), Less(against, v => v.Accuracy)));

    private Estimate Around(Func<AgreementValues, double> value) => _bootstrap.Around(value(_whole), Array.ConvertAll(_resamples, v => value(v)));

    private Estimate Less(MetricAgreement other, Func<AgreementValues, double> value)
    {
        var differences = new double[_resamples.Length];
        for (int r = 0; r < differences.Length; r++)
            differences[r] = value(_resamples[r]) - value(other._resamples[r]);
        return _bootstrap.Around(value(_whole) - value(other._whole), differences);
    }

    private SceneAgreement? Scenes()
    {
        if (_within is not { } within)
            return null;
        (double srcc, double krcc, double plcc) = within.Mean([.. Enumerable.Repeat(1.0, _bootstrap.Items)]);
        var means = new (double Srcc, double Krcc, double Plcc)[_resamples.Length];
        for (int r = 0; r < means.Length; r++)
            means[r] = within.Mean(_bootstrap.Weights(r));
        return new SceneAgreement(
            within.Count,
            _bootstrap.Around(srcc, Array.ConvertAll(means, m => m.Srcc)),
            _bootstrap.Around(krcc, Array.ConvertAll(means, m => m.Krcc)),
            _bootstrap.Around(plcc, Array.ConvertAll(means, m => m.Plcc)));
    }

    private readonly struct Resampling(AgreementSample sample, Bootstrap bootstrap, AgreementValues[] values, CancellationToken cancellationToken) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                values[r] = sample.Resample(bootstrap.Weights(r));
            }
        }
    }
}
