using Gir.Metrics.NoReference;
using MathNet.Numerics;

namespace Gir.Metrics.Analysis;

/// <summary>
/// How far a network's description of other images is from its description of those it knows: the generalization assessment of Liu, Zhao, Gu, Qiao and Dong ("Evaluating
/// the Generalization Ability of Super-Resolution Networks", TPAMI 2023). Smaller is better; equal sets have 0.
/// </summary>
/// <remarks>
/// Both sets are reduced to at most 300 principal components of their own, the coefficients pooled, those beyond five standard deviations left out, generalized Gaussians fitted
/// by their moments, and D = log10(KL(other | reference) + 1e-5) + 5 taken of the divergence's closed form.
/// </remarks>
public static class Srga
{
    private const int Components = 300;
    private const double Deviations = 5;
    private const double Floor = 1e-5;

    /// <summary>The distance, at least 0 up to rounding.</summary>
    /// <param name="reference">Descriptions of images as the network was trained for; at least two points.</param>
    /// <param name="other">Descriptions of other images, of the same dimension.</param>
    /// <exception cref="ArgumentException">The dimensions differ, there are fewer than two points, or all points of a set are one.</exception>
    public static double Compute(FeatureSet reference, FeatureSet other)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(other);
        if (reference.Dimension != other.Dimension)
            throw new ArgumentException($"Expected {reference.Dimension} coordinates in both sets, but the second has {other.Dimension}.", nameof(other));
        return Math.Log10(Divergence(Fit(other, nameof(other)), Fit(reference, nameof(reference))) + Floor) + 5;
    }

    /// <summary>The Kullback-Leibler divergence of centered generalized Gaussians, p from q.</summary>
    internal static double Divergence((double Scale, double Shape) p, (double Scale, double Shape) q)
    {
        double inverse = SpecialFunctions.GammaLn(1 / p.Shape);
        double logarithm = Math.Log(p.Shape * q.Scale / (q.Shape * p.Scale)) + SpecialFunctions.GammaLn(1 / q.Shape) - inverse;
        double moment = Math.Pow(p.Scale / q.Scale, q.Shape) * Math.Exp(SpecialFunctions.GammaLn((q.Shape + 1) / p.Shape) - inverse);
        return Math.Max(0, logarithm + moment - (1 / p.Shape));
    }

    private static (double Scale, double Shape) Fit(FeatureSet points, string name)
    {
        double[] coefficients = PrincipalComponents.Fit(points, Components).Project(points).Values.ToArray();
        double deviation = Math.Sqrt(coefficients.Sum(c => c * c) / coefficients.Length);
        if (deviation == 0)
            throw new ArgumentException("All points are the same.", name);
        SymmetricFit fit = GeneralizedGaussian.FitSymmetric([.. coefficients.Where(c => Math.Abs(c) <= Deviations * deviation)]);
        return (Math.Sqrt(fit.Variance) / GeneralizedGaussian.DeviationPerScale(fit.Alpha), fit.Alpha);
    }
}
