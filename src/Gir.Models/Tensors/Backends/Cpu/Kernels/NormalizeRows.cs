using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Layer normalization of contiguous rows. Aliasing: none. Lane layout: lane = element. A few rows go through each step together: the steps of
/// one row wait for one another, those of neighbors do not. A row's bits do not depend on the others.
/// </summary>
/// <remarks>
/// Sums are float32 in 16 chains over blocks of 1024 elements, and double from block to block. Deviations are taken from a first mean; their sum corrects both it and the variance (the corrected
/// two-pass algorithm of Chan, Golub, LeVeque: "Algorithms for Computing the Sample Variance", 1983), so that the variance loses no digits
/// where the mean is large: its relative error stays below (min(n, 1024) / 16 + 8) 2^-24.
/// </remarks>
internal static unsafe class NormalizeRows
{
    private const int LargestGroup = 8;

    // Elements of a group of rows, which stay in the L1 cache from step to step.
    private const int GroupLength = 2048;

    private const int Block = 1024;

    /// <summary>y = (x - mean) reciprocal weight + bias for each of [rows, length].</summary>
    /// <param name="x">[rows, length].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="length">Their length, at least 1.</param>
    /// <param name="weight">[length] or null.</param>
    /// <param name="bias">[length] or null.</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    /// <param name="subtractMean">Whether the numerator is x - mean, or x.</param>
    /// <param name="y">[rows, length].</param>
    /// <param name="mean">[rows].</param>
    /// <param name="reciprocal">[rows]: 1 / sqrt(variance + epsilon).</param>
    public static void Forward(
        float* x, int rows, int length, float* weight, float* bias, float epsilon, bool subtractMean, float* y, float* mean, float* reciprocal)
    {
        int group = Math.Clamp(GroupLength / length, 1, LargestGroup);
        for (int first = 0; first < rows; first += group)
        {
            int end = first + Math.Min(group, rows - first);
            for (int r = first; r < end; r++)
                mean[r] = (float)(Sum(x + ((long)r * length), length) / length);
            for (int r = first; r < end; r++)
                Refine(x + ((long)r * length), length, epsilon, mean + r, reciprocal + r);
            for (int r = first; r < end; r++)
            {
                long at = (long)r * length;
                float shift = subtractMean ? mean[r] : 0;
                if (bias != null)
                    Elementwise.Run(new Affine(shift, reciprocal[r]), x + at, weight, bias, y + at, length);
                else
                    Elementwise.Run(new Scaled(shift, reciprocal[r]), x + at, weight, null, y + at, length);
            }
        }
    }

    /// <summary>dx = reciprocal (g - mean of g) - projection (x - mean) with g = dy weight, for each of [rows, length].</summary>
    /// <param name="x">[rows, length].</param>
    /// <param name="dy">[rows, length].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="length">Their length, at least 1.</param>
    /// <param name="weight">[length] or null.</param>
    /// <param name="mean">[rows].</param>
    /// <param name="reciprocal">[rows]: 1 / sqrt(variance + epsilon).</param>
    /// <param name="subtractMean">Whether the numerator was x - mean, or x.</param>
    /// <param name="dx">[rows, length].</param>
    public static void Gradient(
        float* x, float* dy, int rows, int length, float* weight, float* mean, float* reciprocal, bool subtractMean, float* dx)
    {
        double* sums = stackalloc double[LargestGroup];
        double* products = stackalloc double[LargestGroup];
        int group = Math.Clamp(GroupLength / length, 1, LargestGroup);
        for (int first = 0; first < rows; first += group)
        {
            int count = Math.Min(group, rows - first);
            for (int r = 0; r < count; r++)
            {
                long at = (long)(first + r) * length;
                (sums[r], products[r]) = Projections(x + at, dy + at, weight, subtractMean ? mean[first + r] : 0, length);
            }

            for (int r = 0; r < count; r++)
            {
                long at = (long)(first + r) * length;
                float scale = reciprocal[first + r];
                var function = new GradientFunction(
                    mean[first + r], scale, subtractMean ? (float)(sums[r] / length) : 0, (float)((double)scale * scale * scale * products[r] / length));
                Elementwise.Run(function, x + at, dy + at, weight, dx + at, length);
            }
        }
    }

    /// <summary>Adds the sums over the rows of dy (x - mean) reciprocal to weights and of dy to biases, in double over blocks of float32 sums.</summary>
    /// <param name="x">[rows, length].</param>
    /// <param name="dy">[rows, length].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="length">Their length.</param>
    /// <param name="mean">[rows], or null where it was not subtracted.</param>
    /// <param name="reciprocal">[rows].</param>
    /// <param name="weights">[length].</param>
    /// <param name="biases">[length].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddFactorGradients(float* x, float* dy, int rows, int length, float* mean, float* reciprocal, double* weights, double* biases)
    {
        const int RowBlock = 32;
        float* lanes = stackalloc float[32];
        for (int first = 0; first < rows; first += RowBlock)
        {
            int end = first + Math.Min(RowBlock, rows - first);
            for (int k = 0; k < length; k += 16)
            {
                var tail = new RowTail(Math.Min(16, length - k));
                bool isWhole = length - k >= 16;
                Vector512<float> weight = Vector512<float>.Zero;
                Vector512<float> bias = Vector512<float>.Zero;
                for (nint r = first; r < end; r++)
                {
                    float* from = x + (r * length) + k;
                    float* gradients = dy + (r * length) + k;
                    Vector512<float> gradient = isWhole ? Vector512.Load(gradients) : tail.Load(gradients);
                    Vector512<float> deviation = (isWhole ? Vector512.Load(from) : tail.Load(from)) - Vector512.Create(mean == null ? 0 : mean[r]);
                    bias += gradient;
                    weight += gradient * (deviation * reciprocal[r]);
                }

                int count = Math.Min(16, length - k);
                weight.Store(lanes);
                bias.Store(lanes + 16);
                for (int i = 0; i < count; i++)
                {
                    weights[k + i] += lanes[16 - count + i];
                    biases[k + i] += lanes[32 - count + i];
                }
            }
        }
    }

    /// <summary>Mean and reciprocal of one row.</summary>
    public static void Statistics(float* x, int length, float epsilon, float* mean, float* reciprocal)
    {
        *mean = (float)(Sum(x, length) / length);
        Refine(x, length, epsilon, mean, reciprocal);
    }

    /// <summary>The sums of g and of g (x - shift) with g = dy weight, of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Sum, double Product) Projections(float* x, float* dy, float* weight, float shift, int length)
    {
        Vector512<float> center = Vector512.Create(shift);
        (double total, double totalProduct) = (0, 0);
        for (int first = 0; first < length; first += Block)
        {
            float* from = x + first;
            float* gradients = dy + first;
            var tail = new RowTail(Math.Min(Block, length - first));
            Vector512<float> g = tail.Load(gradients) & tail.Mask;
            if (weight != null)
                g *= tail.Load(weight + first);
            Vector512<float> sum = g;
            Vector512<float> product = g * (tail.Load(from) - center);
            for (nint i = 0; i < tail.Whole; i += 16)
            {
                g = Vector512.Load(gradients + i);
                if (weight != null)
                    g *= Vector512.Load(weight + first + i);
                sum += g;
                product = Vector512.FusedMultiplyAdd(g, Vector512.Load(from + i) - center, product);
            }

            total += VectorMath.Sum(sum);
            totalProduct += VectorMath.Sum(product);
        }

        return (total, totalProduct);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(float* x, int length)
    {
        double total = 0;
        for (int first = 0; first < length; first += Block)
        {
            float* block = x + first;
            var tail = new RowTail(Math.Min(Block, length - first));
            Vector512<float> sum = tail.Load(block) & tail.Mask;
            for (nint i = 0; i < tail.Whole; i += 16)
                sum += Vector512.Load(block + i);
            total += VectorMath.Sum(sum);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Refine(float* x, int length, float epsilon, float* mean, float* reciprocal)
    {
        Vector512<float> center = Vector512.Create(*mean);
        (double total, double totalSquares) = (0, 0);
        for (int first = 0; first < length; first += Block)
        {
            float* block = x + first;
            var tail = new RowTail(Math.Min(Block, length - first));
            Vector512<float> deviation = (tail.Load(block) - center) & tail.Mask;
            Vector512<float> sum = deviation;
            Vector512<float> squares = deviation * deviation;
            for (nint i = 0; i < tail.Whole; i += 16)
            {
                deviation = Vector512.Load(block + i) - center;
                sum += deviation;
                squares = Vector512.FusedMultiplyAdd(deviation, deviation, squares);
            }

            total += VectorMath.Sum(sum);
            totalSquares += VectorMath.Sum(squares);
        }

        double correction = total / length;
        double variance = Math.Max(0, (totalSquares / length) - (correction * correction));
        *mean = (float)(*mean + correction);
        *reciprocal = (float)(1 / Math.Sqrt(variance + epsilon));
    }

    private readonly struct Affine(float shift, float reciprocal) : ILaneFunction
    {
        public static int Operands => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => ((a - Vector512.Create(shift)) * reciprocal * b) + c;
    }

    private readonly struct Scaled(float shift, float reciprocal) : ILaneFunction
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => (a - Vector512.Create(shift)) * reciprocal * b;
    }

    // Of x, dy and weight.
    private readonly struct GradientFunction(float mean, float reciprocal, float meanGradient, float projection) : ILaneFunction
    {
        public static int Operands => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
            (((b * c) - Vector512.Create(meanGradient)) * reciprocal) - ((a - Vector512.Create(mean)) * projection);
    }
}
