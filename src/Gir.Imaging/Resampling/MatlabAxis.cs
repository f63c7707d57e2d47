namespace Gir.Imaging.Resampling;

/// <summary>Tables of MATLAB's imresize (its function "contributions").</summary>
internal static class MatlabAxis
{
    private const double CubicA = -0.5;

    public static AxisWeights Create(ResamplingKernel kernel, int input, int output, double? stated, AxisWeights.Edge edge)
    {
        double scale = stated ?? (double)output / input;
        (double width, Func<double, double> function) = kernel switch
        {
            ResamplingKernel.Bilinear => (2.0, KernelFunctions.Triangle),
            ResamplingKernel.Bicubic => (4.0, (Func<double, double>)(x => KernelFunctions.Cubic(x, CubicA))),
            ResamplingKernel.Lanczos => (6.0, x => KernelFunctions.Lanczos(x, 3)),
            _ => (1.0, Box),
        };
        // Antialiasing stretches the kernel; "nearest" is the box without it.
        double stretch = scale < 1 && kernel != ResamplingKernel.Nearest ? scale : 1;
        width /= stretch;
        int taps = (int)Math.Ceiling(width) + 2;
        var firsts = new int[output];
        var weights = new double[(long)output * taps];
        for (int o = 0; o < output; o++)
        {
            // Positions count from one, as there: the same roundings put ties on the same side.
            double position = ((o + 1) / scale) + (0.5 * (1 - (1 / scale)));
            double left = Math.Floor(position - (width / 2));
            firsts[o] = (int)left - 1;
            Span<double> row = weights.AsSpan(o * taps, taps);
            double sum = 0;
            for (int t = 0; t < taps; t++)
                sum += row[t] = stretch * function(stretch * (position - (left + t)));
            for (int t = 0; t < taps; t++)
                row[t] /= sum;
        }

        return AxisWeights.Fold(input, firsts, weights, taps, edge);
    }

    private static double Box(double x) => x is >= -0.5 and < 0.5 ? 1 : 0;
}
