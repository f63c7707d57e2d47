namespace Gir.Metrics.Analysis;

/// <summary>
/// The squared maximum mean discrepancy of two feature sets by the kernel (x y / d + 1)^3, unbiased (Binkowski, Sutherland, Arbel, Gretton: "Demystifying MMD GANs", ICLR 2018):
/// KID on features of Inception. Over all points at once, where published programs average over drawn subsets of 1,000.
/// </summary>
public static class KernelDistance
{
    /// <summary>The distance; 0 on average where both sets come from one distribution, then as often below as above.</summary>
    /// <param name="first">At least two points.</param>
    /// <param name="second">At least two points of the same dimension.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or there are fewer than two points.</exception>
    public static double Compute(FeatureSet first, FeatureSet second)
    {
        FeatureSet.CheckPair(first, second);
        return Own(first) + Own(second) - (2 * Cross(first, second));
    }

    // The mean over all pairs of different points.
    private static double Own(FeatureSet points)
    {
        double sum = 0;
        for (int i = 1; i < points.Count; i++)
        {
            for (int j = 0; j < i; j++)
                sum += Kernel(points[i], points[j]);
        }

        return 2 * sum / ((double)points.Count * (points.Count - 1));
    }

    private static double Cross(FeatureSet first, FeatureSet second)
    {
        double sum = 0;
        for (int i = 0; i < first.Count; i++)
        {
            for (int j = 0; j < second.Count; j++)
                sum += Kernel(first[i], second[j]);
        }

        return sum / ((double)first.Count * second.Count);
    }

    private static double Kernel(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double product = 0;
        for (int i = 0; i < x.Length; i++)
            product += x[i] * y[i];
        double value = (product / x.Length) + 1;
        return value * value * value;
    }
}
