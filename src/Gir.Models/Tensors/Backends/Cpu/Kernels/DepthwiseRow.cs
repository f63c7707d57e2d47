using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// One output row of one channel: y[i every] = bias + sum over p of w[p] x[offsets[p] + i], one chain of fused multiply-adds in ascending p.
/// Reads up to the next multiple of 16 columns. Aliasing: y apart from the rest. Lane layout: lane = column; four vectors hide the latency of the chain.
/// </summary>
internal static unsafe class DepthwiseRow
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int taps, float* w, float* bias, float* x, int* offsets, float* y, int columns, int every)
    {
        V start = bias == null ? V.Zero : Vector512.Create(*bias);
        int j = 0;
        for (; j <= columns - 64 && every == 1; j += 64)
        {
            V a = start, b = start, c = start, d = start;
            for (int p = 0; p < taps; p++)
            {
                V t = Vector512.Create(w[p]);
                float* row = x + offsets[p] + j;
                a = Vector512.FusedMultiplyAdd(t, Vector512.Load(row), a);
                b = Vector512.FusedMultiplyAdd(t, Vector512.Load(row + 16), b);
                c = Vector512.FusedMultiplyAdd(t, Vector512.Load(row + 32), c);
                d = Vector512.FusedMultiplyAdd(t, Vector512.Load(row + 48), d);
            }

            a.Store(y + j);
            b.Store(y + j + 16);
            c.Store(y + j + 32);
            d.Store(y + j + 48);
        }

        for (; j < columns; j += 16)
        {
            V a = start;
            for (int p = 0; p < taps; p++)
                a = Vector512.FusedMultiplyAdd(Vector512.Create(w[p]), Vector512.Load(x + offsets[p] + j), a);
            int count = Math.Min(16, columns - j);
            if (every == 1 && Avx512F.IsSupported)
            {
                Avx512F.MaskStore(y + j, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle(), a);
                continue;
            }

            for (int i = 0; i < count; i++)
                y[(nint)(j + i) * every] = a[i];
        }
    }

    /// <summary>The scalar twin: the same bits.</summary>
    public static void Scalar(int taps, float* w, float* bias, float* x, int* offsets, float* y, int columns, int every)
    {
        for (int i = 0; i < columns; i++)
        {
            float sum = bias == null ? 0 : *bias;
            for (int p = 0; p < taps; p++)
                sum = MathF.FusedMultiplyAdd(w[p], x[offsets[p] + i], sum);
            y[(nint)i * every] = sum;
        }
    }
}
