using MathNet.Numerics;

namespace Gir.Metrics.NoReference;

/// <summary>An asymmetric generalized Gaussian fitted to samples.</summary>
/// <param name="Alpha">The shape: 2 for a Gaussian, 1 for Laplace; a grid value of 0.2, 0.201, ..., 10.</param>
/// <param name="BetaLeft">Scale of the negative side.</param>
/// <param name="BetaRight">Scale of the positive side.</param>
/// <param name="Eta">The mean that the fit implies.</param>
internal readonly record struct AsymmetricFit(double Alpha, double BetaLeft, double BetaRight, double Eta);

/// <summary>A symmetric generalized Gaussian fitted to samples.</summary>
/// <param name="Alpha">The shape, a grid value of 0.2, 0.201, ..., 10.</param>
/// <param name="Variance">Mean square of the samples.</param>
internal readonly record struct SymmetricFit(double Alpha, double Variance);

/// <summary>
/// Moment-matching fits of generalized Gaussians, as NIQE and BRISQUE do them (Lasmar, Stitou, Berthoumieu, 2009; Sharifi,
/// Leon-Garcia, 1995): the shape is the point of the grid 0.2:0.001:10 whose moment ratio is nearest to the samples'.
/// </summary>
/// <remarks>
/// The ratio G(2/a)^2 / (G(1/a) G(3/a)) grows with a, so a bisection finds the grid point that the authors' scan over all
/// 9801 finds; of two equally near points the first, as in the scan.
/// </remarks>
internal static class GeneralizedGaussian
{
    private const int GridLength = 9801;
    private static readonly double[] Ratios = [.. Enumerable.Range(0, GridLength).Select(i => Ratio(Shape(i)))];

    // sqrt(G(1/a) / G(3/a)), which turns a standard deviation into a scale, and G(2/a) / G(1/a).
    private static readonly double[] ScalePerDeviation =
        [.. Enumerable.Range(0, GridLength).Select(i => Math.Exp((SpecialFunctions.GammaLn(1 / Shape(i)) - SpecialFunctions.GammaLn(3 / Shape(i))) / 2))];

    private static readonly double[] MeanPerScale =
        [.. Enumerable.Range(0, GridLength).Select(i => Math.Exp(SpecialFunctions.GammaLn(2 / Shape(i)) - SpecialFunctions.GammaLn(1 / Shape(i))))];

    /// <summary>Fits the asymmetric form; a side without samples has scale NaN and the shape is then 0.2, as in the authors' code.</summary>
    /// <param name="samples">Finite numbers.</param>
    public static AsymmetricFit FitAsymmetric(ReadOnlySpan<double> samples)
    {
        (double left, double leftCount, double right, double rightCount, double absolute) = (0, 0, 0, 0, 0);
        foreach (double x in samples)
        {
            absolute += Math.Abs(x);
            if (x < 0)
            {
                left += x * x;
                leftCount++;
            }
            else if (x > 0)
            {
                right += x * x;
                rightCount++;
            }
        }

        return FromMoments(left, leftCount, right, rightCount, absolute, samples.Length);
    }

    /// <summary>Fits the symmetric form: the grid point that minimizes |G(1/a) G(3/a) / G(2/a)^2 - mean(x^2) / mean(|x|)^2|.</summary>
    /// <param name="samples">Finite numbers.</param>
    public static SymmetricFit FitSymmetric(ReadOnlySpan<double> samples)
    {
        (double squares, double absolute) = (0, 0);
        foreach (double x in samples)
        {
            squares += x * x;
            absolute += Math.Abs(x);
        }

        double variance = squares / samples.Length;
        double mean = absolute / samples.Length;
        return new SymmetricFit(Shape(NearestInverse(variance / (mean * mean))), variance);
    }

    internal static AsymmetricFit FromMoments(
        double leftSquares, double leftCount, double rightSquares, double rightCount, double absolute, double count)
    {
        double leftDeviation = Math.Sqrt(leftSquares / leftCount);
        double rightDeviation = Math.Sqrt(rightSquares / rightCount);
        double skew = leftDeviation / rightDeviation;
        double mean = absolute / count;
        double ratio = mean * mean / ((leftSquares + rightSquares) / count);
        double square = (skew * skew) + 1;
        double normalized = ratio * ((skew * skew * skew) + 1) * (skew + 1) / (square * square);
        int index = Nearest(normalized);
        double left = leftDeviation * ScalePerDeviation[index];
        double right = rightDeviation * ScalePerDeviation[index];
        return new AsymmetricFit(Shape(index), left, right, (right - left) * MeanPerScale[index]);
    }

    /// <summary>First grid index that minimizes (ratio - target)^2; 0 for NaN.</summary>
    internal static int Nearest(double target)
    {
        if (double.IsNaN(target))
            return 0;
        int above = FirstAtLeast(target);
        if (above == 0)
            return 0;
        if (above == GridLength)
            return GridLength - 1;
        (double below, double over) = (Ratios[above - 1] - target, Ratios[above] - target);
        return below * below <= over * over ? above - 1 : above;
    }

    /// <summary>First grid index that minimizes |1 / ratio - target|, the form BRISQUE compares in; 0 for NaN.</summary>
    internal static int NearestInverse(double target)
    {
        if (double.IsNaN(target))
            return 0;
        int above = FirstAtLeast(1 / target);
        if (above == 0)
            return 0;
        if (above == GridLength)
            return GridLength - 1;
        return Math.Abs((1 / Ratios[above - 1]) - target) <= Math.Abs((1 / Ratios[above]) - target) ? above - 1 : above;
    }

    /// <summary>Standard deviation of a unit scale at a grid shape.</summary>
    internal static double DeviationPerScale(double shape) => 1 / ScalePerDeviation[(int)Math.Round((shape - 0.2) * 1000)];

    internal static double Shape(int index) => 0.2 + (index * 0.001);

    internal static double RatioAt(int index) => Ratios[index];

    private static double Ratio(double shape) => Math.Exp(
        (2 * SpecialFunctions.GammaLn(2 / shape)) - SpecialFunctions.GammaLn(1 / shape) - SpecialFunctions.GammaLn(3 / shape));

    private static int FirstAtLeast(double target)
    {
        (int low, int high) = (0, GridLength);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Ratios[middle] < target)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
