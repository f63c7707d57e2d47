using Gir.Imaging;

namespace Gir.Models.Tensors;

/// <summary>Tables of taps for torch's interpolate, one direction.</summary>
internal static class InterpolationTaps
{
    private const double CubicA = -0.75;

    // Sizes that a program resizes between, in the end a handful.
    private const int LargestCount = 64;

    private static readonly BoundedCache<(int Input, int Output, InterpolationMode Mode, bool AlignCorners, double? Scale), ResamplingTaps> s_known =
        new(LargestCount, static k => Table(k.Input, k.Output, k.Mode, k.AlignCorners, k.Scale));

    /// <summary>A table; the same object for the same question, so that an engine may keep a copy of it on its device.</summary>
    public static ResamplingTaps Create(int input, int output, InterpolationMode mode, bool alignCorners, double? scale) =>
        s_known.Get((input, output, mode, alignCorners, scale));

    private static ResamplingTaps Table(int input, int output, InterpolationMode mode, bool alignCorners, double? scale)
    {
        double step = alignCorners
            ? output > 1 ? (double)(input - 1) / (output - 1) : 0
            : scale is { } factor ? 1 / factor : (double)input / output;
        int count = mode switch { InterpolationMode.Nearest => 1, InterpolationMode.Bilinear => 2, _ => 4 };
        var indices = new int[output * count];
        var weights = new float[output * count];
        for (int i = 0; i < output; i++)
        {
            Span<int> index = indices.AsSpan(i * count, count);
            Span<float> weight = weights.AsSpan(i * count, count);
            if (mode == InterpolationMode.Nearest)
            {
                // torch multiplies in float32, which decides ties of floor.
                index[0] = Math.Min((int)MathF.Floor(i * (float)step), input - 1);
                weight[0] = 1;
                continue;
            }

            double position = alignCorners ? i * step : ((i + 0.5) * step) - 0.5;
            if (mode == InterpolationMode.Bilinear)
                position = Math.Max(position, 0);
            int floor = (int)Math.Floor(position);
            double t = position - floor;
            if (mode == InterpolationMode.Bilinear)
            {
                index[0] = Math.Min(floor, input - 1);
                index[1] = Math.Min(floor + 1, input - 1);
                weight[0] = (float)(1 - t);
                weight[1] = (float)t;
                continue;
            }

            for (int k = 0; k < 4; k++)
            {
                index[k] = Math.Clamp(floor - 1 + k, 0, input - 1);
                weight[k] = (float)Cubic(t - (k - 1));
            }
        }

        return new ResamplingTaps(input, output, count, indices, weights);
    }

    // Keys' convolution kernel (1981).
    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        return x <= 1
            ? ((((CubicA + 2) * x) - (CubicA + 3)) * x * x) + 1
            : ((((((x - 5) * x) + 8) * x) - 4) * CubicA);
    }
}
