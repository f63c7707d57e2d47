namespace Gir.Imaging.Resampling;

/// <summary>Tables of OpenCV's resize: positions in float64, fractions rounded to float32, as there.</summary>
internal static class OpenCvAxis
{
    private const double CubicA = -0.75;

    // Slivers of a cell below this share of a sample are left out (computeResizeAreaTab).
    private const double SmallestShare = 1e-3;

    /// <param name="kernel">The kernel.</param>
    /// <param name="input">Input length.</param>
    /// <param name="output">Output length.</param>
    /// <param name="scale">Output samples per input sample where given; otherwise from the lengths.</param>
    /// <param name="shrinks">Whether neither axis grows; otherwise the area kernel interpolates on both.</param>
    public static AxisWeights Create(ResamplingKernel kernel, int input, int output, double? scale, bool shrinks)
    {
        double inverse = scale ?? (double)output / input;
        double step = 1 / inverse;
        return kernel switch
        {
            ResamplingKernel.Nearest => Nearest(input, output, step),
            ResamplingKernel.Bilinear => Bilinear(input, output, step),
            ResamplingKernel.Bicubic => Windowed(input, output, step, 4, d => KernelFunctions.Cubic(d, CubicA)),
            ResamplingKernel.Lanczos => Windowed(input, output, step, 8, d => KernelFunctions.Lanczos(d, 4)),
            _ => shrinks ? AreaMean(input, output, step) : AreaLinear(input, output, step, inverse),
        };
    }

    private static AxisWeights Nearest(int input, int output, double step)
    {
        var indices = new int[output];
        for (int o = 0; o < output; o++)
            indices[o] = (int)Math.Min(Math.Floor(o * step), input - 1);
        return AxisWeights.FromIndices(input, indices);
    }

    private static AxisWeights Bilinear(int input, int output, double step)
    {
        var firsts = new int[output];
        var weights = new double[output * 2];
        for (int o = 0; o < output; o++)
        {
            (firsts[o], float fraction) = Split(o, step);
            Linear(weights, o, fraction);
        }

        return AxisWeights.Fold(input, firsts, weights, 2, AxisWeights.Edge.Clamp);
    }

    private static AxisWeights Windowed(int input, int output, double step, int taps, Func<double, double> kernel)
    {
        var firsts = new int[output];
        var weights = new double[output * taps];
        for (int o = 0; o < output; o++)
        {
            (int floor, float fraction) = Split(o, step);
            firsts[o] = floor - (taps / 2) + 1;
            double sum = 0;
            for (int t = 0; t < taps; t++)
                sum += weights[(o * taps) + t] = kernel(fraction + (taps / 2) - 1 - t);
            for (int t = 0; t < taps; t++)
                weights[(o * taps) + t] /= sum;
        }

        return AxisWeights.Fold(input, firsts, weights, taps, AxisWeights.Edge.Clamp);
    }

    private static AxisWeights AreaMean(int input, int output, double step)
    {
        int width = (int)Math.Min(Math.Ceiling(step) + 2, input + 2);
        var firsts = new int[output];
        var weights = new double[output * width];
        for (int o = 0; o < output; o++)
        {
            double from = o * step;
            double to = from + step;
            double cell = Math.Min(step, input - from);
            int last = Math.Min((int)Math.Floor(to), input - 1);
            int first = Math.Min((int)Math.Ceiling(from), last);
            firsts[o] = first - 1;
            Span<double> row = weights.AsSpan(o * width, width);
            if (first - from > SmallestShare)
                row[0] = (first - from) / cell;
            for (int i = first; i < last; i++)
                row[i - first + 1] = 1 / cell;
            if (to - last > SmallestShare)
                row[last - first + 1] = Math.Min(Math.Min(to - last, 1), cell) / cell;
        }

        return AxisWeights.Fold(input, firsts, weights, width, AxisWeights.Edge.Clamp);
    }

    private static AxisWeights AreaLinear(int input, int output, double step, double inverse)
    {
        var firsts = new int[output];
        var weights = new double[output * 2];
        for (int o = 0; o < output; o++)
        {
            firsts[o] = (int)Math.Floor(o * step);
            float fraction = (float)(o + 1 - ((firsts[o] + 1) * inverse));
            Linear(weights, o, fraction <= 0 ? 0 : fraction - MathF.Floor(fraction));
        }

        return AxisWeights.Fold(input, firsts, weights, 2, AxisWeights.Edge.Clamp);
    }

    private static (int Floor, float Fraction) Split(int o, double step)
    {
        float position = (float)(((o + 0.5) * step) - 0.5);
        float floor = MathF.Floor(position);
        return ((int)floor, position - floor);
    }

    private static void Linear(double[] weights, int o, float fraction)
    {
        weights[o * 2] = 1f - fraction;
        weights[(o * 2) + 1] = fraction;
    }
}
