namespace Gir.Imaging.Resampling;

/// <summary>
/// Tables of PyTorch's interpolate (align_corners=False). The step is rounded to float32, as there; positions are not: of the possible
/// roundings this is the one whose results lie nearest to PyTorch's (7.5e-7 at most at sizes that do not divide, 2e-6 with float32 positions).
/// </summary>
internal static class TorchAxis
{
    private const double CubicA = -0.75;

    public static AxisWeights Create(ResamplingKernel kernel, int input, int output, double? scale)
    {
        float step = scale is double s ? (float)(1 / s) : (float)input / output;
        return kernel switch
        {
            ResamplingKernel.Nearest => Nearest(input, output, step),
            ResamplingKernel.Bilinear => Bilinear(input, output, step),
            ResamplingKernel.Bicubic => Bicubic(input, output, step),
            _ => AdaptiveMean(input, output),
        };
    }

    private static AxisWeights Nearest(int input, int output, float step)
    {
        var indices = new int[output];
        for (int o = 0; o < output; o++)
            indices[o] = Math.Min((int)MathF.Floor(o * step), input - 1);
        return AxisWeights.FromIndices(input, indices);
    }

    private static AxisWeights Bilinear(int input, int output, float step)
    {
        var firsts = new int[output];
        var weights = new double[output * 2];
        for (int o = 0; o < output; o++)
        {
            double position = Math.Max(Position(o, step), 0);
            firsts[o] = (int)Math.Min(position, input - 1);
            double fraction = Math.Min(position - firsts[o], 1);
            weights[o * 2] = 1 - fraction;
            weights[(o * 2) + 1] = fraction;
        }

        return AxisWeights.Fold(input, firsts, weights, 2, AxisWeights.Edge.Clamp);
    }

    private static AxisWeights Bicubic(int input, int output, float step)
    {
        var firsts = new int[output];
        var weights = new double[output * 4];
        for (int o = 0; o < output; o++)
        {
            double position = Position(o, step);
            double floor = Math.Floor(position);
            firsts[o] = (int)floor - 1;
            double fraction = position - floor;
            for (int t = 0; t < 4; t++)
                weights[(o * 4) + t] = KernelFunctions.Cubic(fraction + 1 - t, CubicA);
        }

        return AxisWeights.Fold(input, firsts, weights, 4, AxisWeights.Edge.Clamp);
    }

    // interpolate(mode="area") is adaptive_avg_pool2d: whole samples, windows may overlap.
    private static AxisWeights AdaptiveMean(int input, int output)
    {
        int width = ((input + output - 1) / output) + 1;
        var firsts = new int[output];
        var weights = new double[output * width];
        for (int o = 0; o < output; o++)
        {
            int start = (int)((long)o * input / output);
            int end = (int)((((o + 1L) * input) + output - 1) / output);
            firsts[o] = start;
            for (int t = 0; t < end - start; t++)
                weights[(o * width) + t] = 1.0 / (end - start);
        }

        return AxisWeights.Fold(input, firsts, weights, width, AxisWeights.Edge.Clamp);
    }

    private static double Position(int o, float step) => (step * (o + 0.5)) - 0.5;
}
