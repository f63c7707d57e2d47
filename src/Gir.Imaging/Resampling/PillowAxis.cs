namespace Gir.Imaging.Resampling;

/// <summary>Tables of Pillow's Image.resize (its function "precompute_coeffs").</summary>
internal static class PillowAxis
{
    private const double CubicA = -0.5;
    private const double FixedPoint = 1 << 22;

    /// <param name="kernel">The kernel.</param>
    /// <param name="input">Input length.</param>
    /// <param name="output">Output length.</param>
    /// <param name="eightBit">Whether weights are rounded to 22 fractional bits.</param>
    public static AxisWeights Create(ResamplingKernel kernel, int input, int output, bool eightBit)
    {
        double step = (double)input / output;
        if (kernel == ResamplingKernel.Nearest)
            return Nearest(input, output, step);
        (double support, Func<double, double> function) = kernel switch
        {
            ResamplingKernel.Bilinear => (1.0, KernelFunctions.Triangle),
            ResamplingKernel.Bicubic => (2.0, (Func<double, double>)(x => KernelFunctions.Cubic(x, CubicA))),
            ResamplingKernel.Lanczos => (3.0, x => KernelFunctions.Lanczos(x, 3)),
            ResamplingKernel.Hamming => (1.0, KernelFunctions.Hamming),
            _ => (0.5, Box),
        };
        double stretch = Math.Max(step, 1);
        support *= stretch;
        int taps = (int)Math.Min((Math.Ceiling(support) * 2) + 1, input);
        var firsts = new int[output];
        var weights = new double[(long)output * taps];
        for (int o = 0; o < output; o++)
        {
            double center = (o + 0.5) * step;
            int first = Math.Max((int)(center - support + 0.5), 0);
            int count = Math.Min((int)(center + support + 0.5), input) - first;
            firsts[o] = first;
            Span<double> row = weights.AsSpan(o * taps, taps);
            double sum = 0;
            for (int t = 0; t < count; t++)
                sum += row[t] = function((t + first - center + 0.5) * (1 / stretch));
            for (int t = 0; t < count; t++)
                row[t] = eightBit ? Rounded(row[t] / sum) : row[t] / sum;
        }

        return AxisWeights.Fold(input, firsts, weights, taps, AxisWeights.Edge.Clamp);
    }

    private static AxisWeights Nearest(int input, int output, double step)
    {
        var indices = new int[output];
        for (int o = 0; o < output; o++)
            indices[o] = (int)Math.Min((o + 0.5) * step, input - 1);
        return AxisWeights.FromIndices(input, indices);
    }

    private static double Rounded(double weight) => Math.Truncate((weight * FixedPoint) + (weight < 0 ? -0.5 : 0.5)) / FixedPoint;

    private static double Box(double x) => x is > -0.5 and <= 0.5 ? 1 : 0;
}
