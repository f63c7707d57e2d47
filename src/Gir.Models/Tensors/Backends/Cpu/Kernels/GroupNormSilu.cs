using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Group normalization, then x sigmoid(x), of one group: [channels, length] in one run. Aliasing: none. Lane layout: lane = element. The same operations in the same order as
/// normalization, product, sum and activation apart, so the same bits, in one pass over memory behind the statistics instead of four.
/// </summary>
internal static unsafe class GroupNormSilu
{
    /// <summary>y = silu((x - mean) reciprocal weight + bias).</summary>
    /// <param name="x">[channels, length].</param>
    /// <param name="channels">Channels of the group.</param>
    /// <param name="length">Elements of a channel, at least 1.</param>
    /// <param name="weight">[channels].</param>
    /// <param name="bias">[channels].</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    /// <param name="y">[channels, length].</param>
    /// <param name="mean">The group's mean.</param>
    /// <param name="reciprocal">1 / sqrt(variance + epsilon).</param>
    public static void Forward(float* x, int channels, int length, float* weight, float* bias, float epsilon, float* y, float* mean, float* reciprocal)
    {
        NormalizeRows.Statistics(x, channels * length, epsilon, mean, reciprocal);
        for (int c = 0; c < channels; c++)
        {
            long at = (long)c * length;
            Elementwise.Run(new ForwardFunction(*mean, *reciprocal, weight[c], bias[c]), x + at, null, null, y + at, length);
        }
    }

    /// <summary>The gradients: dx, and for each channel the sums of those of weight and bias.</summary>
    /// <param name="x">[channels, length].</param>
    /// <param name="dy">[channels, length].</param>
    /// <param name="channels">Channels of the group.</param>
    /// <param name="length">Elements of a channel.</param>
    /// <param name="weight">[channels].</param>
    /// <param name="bias">[channels].</param>
    /// <param name="mean">The group's mean.</param>
    /// <param name="reciprocal">1 / sqrt(variance + epsilon).</param>
    /// <param name="dx">[channels, length].</param>
    /// <param name="dweight">[channels].</param>
    /// <param name="dbias">[channels].</param>
    public static void Gradient(
        float* x, float* dy, int channels, int length, float* weight, float* bias, float mean, float reciprocal, float* dx, double* dweight, double* dbias)
    {
        (double total, double projection) = (0, 0);
        for (int c = 0; c < channels; c++)
        {
            long at = (long)c * length;
            // What arrives before the activation waits where the result will stand.
            Elementwise.Run(new ActivationGradient(mean, reciprocal, weight[c], bias[c]), x + at, dy + at, null, dx + at, length);
            (double sum, double product) = NormalizeRows.Projections(x + at, dx + at, null, mean, length);
            (dweight[c], dbias[c]) = (product * reciprocal, sum);
            (total, projection) = (total + (sum * weight[c]), projection + (product * weight[c]));
        }

        double count = (double)channels * length;
        float meanGradient = (float)(total / count);
        float scale = (float)((double)reciprocal * reciprocal * reciprocal * projection / count);
        for (int c = 0; c < channels; c++)
        {
            long at = (long)c * length;
            Elementwise.Run(new GradientFunction(mean, reciprocal, weight[c], meanGradient, scale), x + at, dx + at, null, dx + at, length);
        }
    }

    private readonly struct ForwardFunction(float mean, float reciprocal, float weight, float bias) : ILaneFunction
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c)
        {
            Vector512<float> z = ((a - Vector512.Create(mean)) * reciprocal * weight) + Vector512.Create(bias);
            return z * VectorMath.Sigmoid(z);
        }
    }

    // Of x and dy.
    private readonly struct ActivationGradient(float mean, float reciprocal, float weight, float bias) : ILaneFunction
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c)
        {
            Vector512<float> z = ((a - Vector512.Create(mean)) * reciprocal * weight) + Vector512.Create(bias);
            Vector512<float> share = VectorMath.Sigmoid(z);
            return b * share * (Vector512<float>.One + (z * (Vector512<float>.One - share)));
        }
    }

    // Of x and the gradient before the activation.
    private readonly struct GradientFunction(float mean, float reciprocal, float weight, float meanGradient, float projection) : ILaneFunction
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
            (((b * weight) - Vector512.Create(meanGradient)) * reciprocal) - ((a - Vector512.Create(mean)) * projection);
    }
}
