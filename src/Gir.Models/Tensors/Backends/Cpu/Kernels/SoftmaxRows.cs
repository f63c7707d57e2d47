using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Softmax of contiguous rows. Aliasing: y may be x. Lane layout: lane = element. A few rows go through each step together: the steps of one
/// row wait for one another, those of neighbors do not. A row's bits do not depend on the others.
/// </summary>
internal static unsafe class SoftmaxRows
{
    private const int LargestGroup = 8;

    // Elements of a group of rows, which stay in the L1 cache from step to step.
    private const int GroupLength = 2048;

    /// <summary>y = softmax(x), or its logarithm, for each of [rows, length].</summary>
    public static void Forward(float* x, float* y, int rows, int length, bool logarithm)
    {
        float* shifts = stackalloc float[LargestGroup];
        float* totals = stackalloc float[LargestGroup];
        int group = Math.Clamp(GroupLength / Math.Max(length, 1), 1, LargestGroup);
        for (int first = 0; first < rows; first += group)
        {
            int count = Math.Min(group, rows - first);
            float* from = x + ((long)first * length);
            float* to = y + ((long)first * length);
            for (int r = 0; r < count; r++)
                shifts[r] = Largest(from + ((long)r * length), length);
            for (int r = 0; r < count; r++)
                totals[r] = Exponentials(from + ((long)r * length), shifts[r], logarithm ? null : to + ((long)r * length), length);
            for (int r = 0; r < count; r++)
            {
                long at = (long)r * length;
                if (logarithm)
                    Elementwise.Run(new ScaleAndShiftLanes(1, -(shifts[r] + MathF.Log(totals[r]))), from + at, null, null, to + at, length);
                else
                    Scale(to + at, 1 / totals[r], length);
            }
        }
    }

    /// <summary>dx = y (dy - sum(y dy)), or dy - exp(y) sum(dy) for the logarithm, for each of [rows, length].</summary>
    public static void Gradient(float* y, float* dy, float* dx, int rows, int length, bool logarithm)
    {
        float* sums = stackalloc float[LargestGroup];
        int group = Math.Clamp(GroupLength / Math.Max(length, 1), 1, LargestGroup);
        for (int first = 0; first < rows; first += group)
        {
            int count = Math.Min(group, rows - first);
            long origin = (long)first * length;
            for (int r = 0; r < count; r++)
            {
                long at = origin + ((long)r * length);
                sums[r] = (float)(logarithm ? Sums.Run(dy + at, length) : Sums.Products(y + at, dy + at, length));
            }

            for (int r = 0; r < count; r++)
            {
                long at = origin + ((long)r * length);
                if (logarithm)
                    Elementwise.Run(new LogGradient(sums[r]), y + at, dy + at, null, dx + at, length);
                else
                    Elementwise.Run(new PlainGradient(sums[r]), y + at, dy + at, null, dx + at, length);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Largest(float* x, int length)
    {
        var tail = new RowTail(length);
        Vector512<float> largest = Vector512.ConditionalSelect(tail.Mask, tail.Load(x), Vector512.Create(float.NegativeInfinity));
        for (nint i = 0; i < tail.Whole; i += 16)
            largest = Vector512.MaxNative(largest, Vector512.Load(x + i));
        return VectorMath.Largest(largest);
    }

    // y = exp(x - shift) where wanted; returns the sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentials(float* x, float shift, float* y, int length)
    {
        Vector512<float> bias = Vector512.Create(shift);
        var tail = new RowTail(length);
        Vector512<float> last = VectorMath.Exp(tail.Load(x) - bias);
        Vector512<float> total = last & tail.Mask;
        if (y == null)
        {
            for (nint i = 0; i < tail.Whole; i += 16)
                total += VectorMath.Exp(Vector512.Load(x + i) - bias);
            return VectorMath.Sum(total);
        }

        for (nint i = 0; i < tail.Whole; i += 16)
        {
            Vector512<float> e = VectorMath.Exp(Vector512.Load(x + i) - bias);
            e.Store(y + i);
            total += e;
        }

        tail.Store(last, y);
        return VectorMath.Sum(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* y, float factor, int length)
    {
        Vector512<float> scale = Vector512.Create(factor);
        var tail = new RowTail(length);
        Vector512<float> last = tail.Load(y) * scale;
        for (nint i = 0; i < tail.Whole; i += 16)
            (Vector512.Load(y + i) * scale).Store(y + i);
        tail.Store(last, y);
    }

    private readonly struct PlainGradient(float sum) : ILaneFunction
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a * (b - Vector512.Create(sum));
    }

    private readonly struct LogGradient(float sum) : ILaneFunction
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => b - (VectorMath.Exp(a) * sum);
    }
}
