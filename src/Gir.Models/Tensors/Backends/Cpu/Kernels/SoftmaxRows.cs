using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>Softmax of one contiguous row. Aliasing: y may be x. Lane layout: lane = element.</summary>
internal static unsafe class SoftmaxRows
{
    /// <summary>y = softmax(x), or its logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* x, float* y, int length, bool logarithm)
    {
        float largest = Largest(x, length);
        Vector512<float> shift = Vector512.Create(largest);
        Vector512<float> total = Vector512<float>.Zero;
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            Vector512<float> e = VectorMath.Exp(Vector512.Load(x + i) - shift);
            total += e;
            if (!logarithm)
                e.Store(y + i);
        }

        float* buffer = stackalloc float[16];
        int rest = length - i;
        if (rest > 0)
        {
            Vector512<float> e = VectorMath.Exp(Elementwise.Tail(x + i, rest, buffer) - shift);
            e &= Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(rest)).AsSingle();
            total += e;
            e.Store(buffer);
            for (int k = 0; k < rest && !logarithm; k++)
                y[i + k] = buffer[k];
        }

        float sum = VectorMath.Sum(total);
        if (logarithm)
        {
            float offset = largest + MathF.Log(sum);
            Elementwise.Run(new ScaleAndShiftLanes(1, -offset), x, null, null, y, length);
        }
        else
        {
            Elementwise.Run(new ScaleAndShiftLanes(1 / sum, 0), y, null, null, y, length);
        }
    }

    /// <summary>dx = y (dy - sum(y dy)), or dy - exp(y) sum(dy) for the logarithm.</summary>
    public static void Gradient(float* y, float* dy, float* dx, int length, bool logarithm)
    {
        float sum = (float)(logarithm ? Sums.Run(dy, length) : Sums.Products(y, dy, length));
        if (logarithm)
            Elementwise.Run(new LogGradient(sum), y, dy, null, dx, length);
        else
            Elementwise.Run(new PlainGradient(sum), y, dy, null, dx, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Largest(float* x, int length)
    {
        Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
        int i = 0;
        for (; i <= length - 16; i += 16)
            largest = Vector512.MaxNative(largest, Vector512.Load(x + i));
        float result = VectorMath.Largest(largest);
        for (; i < length; i++)
            result = x[i] > result ? x[i] : result;
        return result;
    }

    private readonly struct PlainGradient(float sum) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a * (b - Vector512.Create(sum));
    }

    private readonly struct LogGradient(float sum) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => b - (VectorMath.Exp(a) * sum);
    }
}
