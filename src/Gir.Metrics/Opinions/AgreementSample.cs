using Gir.Imaging;
using Gir.Metrics.Analysis;

namespace Gir.Metrics.Opinions;

/// <summary>One metric's scores beside the opinions, sorted by what is resampled; measures any resample of it without sorting again.</summary>
internal sealed class AgreementSample
{
    private const int FewestForFit = 5;
    private const int ResampleSteps = 50;
    private const double ResampleTolerance = 1e-10;

    private readonly double[] _x;
    private readonly double[] _y;
    private readonly int[] _starts;
    private readonly int[] _orderX;
    private readonly int[] _orderY;
    private readonly PairCounts _pairs;
    private readonly LogisticFit? _fit;

    /// <summary>Prepares.</summary>
    /// <param name="x">Scores, turned.</param>
    /// <param name="y">Opinions, turned.</param>
    /// <param name="spread">Spread of each opinion.</param>
    /// <param name="starts">Where each block of images starts, and the end.</param>
    /// <param name="parallelism">Threads.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public AgreementSample(double[] x, double[] y, double[] spread, int[] starts, Parallelism parallelism, CancellationToken cancellationToken)
    {
        (_x, _y, _starts) = (x, y, starts);
        (_orderX, _orderY) = (Order(x), Order(y));
        _pairs = new PairCounts(x, y, spread, starts, parallelism, cancellationToken);
        _fit = x.Length >= FewestForFit && x.Any(v => v != x[0]) ? LogisticFit.Fit(x, y) : null;
    }

    public bool FitConverged => _fit?.Converged ?? false;

    /// <summary>Everything, once.</summary>
    public AgreementValues Whole() => Measure([.. Enumerable.Repeat(1.0, _starts.Length - 1)], _fit);

    /// <summary>A resample; the logistic starts from that of the whole.</summary>
    /// <param name="weights">How often each block was drawn.</param>
    public AgreementValues Resample(double[] weights) =>
        Measure(weights, _fit?.Refine(_x, _y, Expand(weights), ResampleTolerance, ResampleSteps));

    private AgreementValues Measure(double[] blockWeights, LogisticFit? fit)
    {
        double[] weights = Expand(blockWeights);
        (double tauB, double accuracy) = _pairs.Over(blockWeights);
        (double plcc, double rmse) = (double.NaN, double.NaN);
        if (fit is not null)
        {
            double[] fitted = Array.ConvertAll(_x, fit.Evaluate);
            plcc = Pearson(fitted, _y, weights);
            rmse = RootMeanSquare(fitted, _y, weights);
        }

        return new AgreementValues(
            Pearson(Ranks(_x, _orderX, weights), Ranks(_y, _orderY, weights), weights), tauB, plcc, Pearson(_x, _y, weights), rmse, accuracy);
    }

    private double[] Expand(double[] blockWeights)
    {
        var weights = new double[_x.Length];
        for (int b = 0; b < blockWeights.Length; b++)
            weights.AsSpan(_starts[b].._starts[b + 1]).Fill(blockWeights[b]);
        return weights;
    }

    private static int[] Order(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        return order;
    }

    // Mean ranks where every value stands as often as its weight says.
    private static double[] Ranks(double[] values, int[] order, double[] weights)
    {
        var ranks = new double[values.Length];
        double before = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            double tied = 0;
            for (end = start; end < order.Length && values[order[end]] == values[order[start]]; end++)
                tied += weights[order[end]];
            for (int i = start; i < end; i++)
                ranks[order[i]] = before + ((tied + 1) / 2);
            before += tied;
        }

        return ranks;
    }

    private static double Pearson(double[] x, double[] y, double[] weights)
    {
        (double sum, double meanX, double meanY) = (0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            sum += weights[i];
            meanX += weights[i] * x[i];
            meanY += weights[i] * y[i];
        }

        (meanX, meanY) = (meanX / sum, meanY / sum);
        (double xx, double yy, double xy) = (0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            (double a, double b) = (x[i] - meanX, y[i] - meanY);
            xx += weights[i] * a * a;
            yy += weights[i] * b * b;
            xy += weights[i] * a * b;
        }

        return Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1);
    }

    private static double RootMeanSquare(double[] fitted, double[] y, double[] weights)
    {
        (double sum, double squares) = (0, 0);
        for (int i = 0; i < y.Length; i++)
        {
            double residual = y[i] - fitted[i];
            sum += weights[i];
            squares += weights[i] * residual * residual;
        }

        return Math.Sqrt(squares / sum);
    }
}

/// <summary>The numbers of one resample.</summary>
internal readonly record struct AgreementValues(double Srcc, double Krcc, double Plcc, double LinearPlcc, double Rmse, double Accuracy);
