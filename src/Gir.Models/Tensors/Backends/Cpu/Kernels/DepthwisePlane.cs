using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// A 3 x 3 convolution of one plane by one kernel, zeros around: y[r, i] = bias + sum over p of w[p] x[r + p / 3 - 1, i + p % 3 - 1], one chain of fused
/// multiply-adds in ascending p, as <see cref="DepthwiseRow"/> computes it. The plane is read where it lies. Aliasing: y apart from the rest. Lane layout: lane =
/// column; a strip of two vectors goes down the rows, each row of x ends one row of y, goes on with the next and begins a third: it is read once, the weights stay
/// in registers, and six chains hide each other's latency.
/// </summary>
internal static unsafe class DepthwisePlane
{
    private const int Lanes = 16;

    /// <summary>Whether <see cref="Run"/> works on this processor.</summary>
    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>Rows first..last-1 of a plane.</summary>
    public static void Run(float* w, float* bias, float* x, float* y, int height, int width, int first, int last)
    {
        float start = bias == null ? 0 : *bias;
        for (int j = 0; j < width; j += 2 * Lanes)
        {
            if (j > 0 && j + (2 * Lanes) < width)
                Strip<Inside>(w, start, x + j, y + j, height, width, first, last, j);
            else
                Strip<Edge>(w, start, x + j, y + j, height, width, first, last, j);
        }
    }

    /// <summary>The scalar twin: the same bits.</summary>
    public static void Scalar(float* w, float* bias, float* x, float* y, int height, int width, int first, int last)
    {
        for (int r = first; r < last; r++)
        {
            for (int i = 0; i < width; i++)
            {
                float sum = bias == null ? 0 : *bias;
                for (int p = 0; p < 9; p++)
                {
                    (int row, int column) = (r + (p / 3) - 1, i + (p % 3) - 1);
                    bool isInside = (uint)row < (uint)height && (uint)column < (uint)width;
                    sum = MathF.FusedMultiplyAdd(w[p], isInside ? x[((long)row * width) + column] : 0, sum);
                }

                y[((long)r * width) + i] = sum;
            }
        }
    }

    // Columns j..j+31 of rows first..last-1, as far as there are any; x and y point to column j of row 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Strip<TPlace>(float* w, float start, float* x, float* y, int height, int width, int first, int last, int j)
        where TPlace : IPlace
    {
        int columns = width - j;
        V left = TPlace.IsInside ? default : Vector512.AndNot(Below(columns + 1), j == 0 ? Below(1) : V.Zero);
        V center = TPlace.IsInside ? default : Below(columns);
        V right = TPlace.IsInside ? default : Below(columns - 1);
        V nextLeft = TPlace.IsInside ? default : Below(columns + 1 - Lanes);
        V nextCenter = TPlace.IsInside ? default : Below(columns - Lanes);
        V nextRight = TPlace.IsInside ? default : Below(columns - 1 - Lanes);
        V w0 = Vector512.Create(w[0]), w1 = Vector512.Create(w[1]), w2 = Vector512.Create(w[2]);
        V w3 = Vector512.Create(w[3]), w4 = Vector512.Create(w[4]), w5 = Vector512.Create(w[5]);
        V w6 = Vector512.Create(w[6]), w7 = Vector512.Create(w[7]), w8 = Vector512.Create(w[8]);

        // Sums that wait for two rows more, and for one; of the first vector and of the second.
        V begin = Vector512.Create(start);
        V two = begin, one = begin, nextTwo = begin, nextOne = begin;
        float* row = x + ((long)(first - 1) * width);
        float* to = y + ((long)(first - 2) * width);
        for (int r = first - 1; r <= last; r++, row += width, to += width)
        {
            V x0 = V.Zero, x1 = V.Zero, x2 = V.Zero, x3 = V.Zero, x4 = V.Zero, x5 = V.Zero;
            if ((uint)r < (uint)height)
            {
                x0 = Load<TPlace>(row - 1, left);
                x1 = Load<TPlace>(row, center);
                x2 = Load<TPlace>(row + 1, right);
                x3 = Load<TPlace>(row + Lanes - 1, nextLeft);
                x4 = Load<TPlace>(row + Lanes, nextCenter);
                x5 = Load<TPlace>(row + Lanes + 1, nextRight);
            }

            V done = Add(one, w6, w7, w8, x0, x1, x2);
            V nextDone = Add(nextOne, w6, w7, w8, x3, x4, x5);
            one = Add(two, w3, w4, w5, x0, x1, x2);
            nextOne = Add(nextTwo, w3, w4, w5, x3, x4, x5);
            two = Add(begin, w0, w1, w2, x0, x1, x2);
            nextTwo = Add(begin, w0, w1, w2, x3, x4, x5);
            if (r > first)
            {
                Store<TPlace>(to, done, center);
                Store<TPlace>(to + Lanes, nextDone, nextCenter);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(V sum, V w0, V w1, V w2, V x0, V x1, V x2) =>
        Vector512.FusedMultiplyAdd(w2, x2, Vector512.FusedMultiplyAdd(w1, x1, Vector512.FusedMultiplyAdd(w0, x0, sum)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<TPlace>(float* from, V mask)
        where TPlace : IPlace =>
        TPlace.IsInside ? Vector512.Load(from) : Avx512F.MaskLoad(from, mask, V.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TPlace>(float* to, V value, V mask)
        where TPlace : IPlace
    {
        if (TPlace.IsInside)
            value.Store(to);
        else
            Avx512F.MaskStore(to, mask, value);
    }

    // All bits set in the first lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Below(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    /// <summary>Whether all neighbors of a strip's columns are columns too.</summary>
    private interface IPlace
    {
        static abstract bool IsInside { get; }
    }

    private readonly struct Inside : IPlace
    {
        public static bool IsInside => true;
    }

    private readonly struct Edge : IPlace
    {
        public static bool IsInside => false;
    }
}
