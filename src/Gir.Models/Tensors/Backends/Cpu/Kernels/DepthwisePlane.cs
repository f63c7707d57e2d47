using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// A 3 x 3 convolution of one plane by one kernel, zeros around: y[r, i] = bias + sum over p of w[p] x[r + p / 3 - 1, i + p % 3 - 1], one chain of fused
/// multiply-adds in ascending p, as <see cref="DepthwiseRow"/> computes it. The plane is read where it lies. Aliasing: y apart from the rest. Lane layout: lane =
/// column; four rows at a time share their six rows of x and hide the latency of the chains.
/// </summary>
internal static unsafe class DepthwisePlane
{
    /// <summary>Rows that are computed together.</summary>
    public const int Rows = 4;

    private const int Lanes = 16;

    /// <summary>Whether <see cref="Run"/> works on this processor.</summary>
    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>Rows first..last-1 of a plane; first is a multiple of <see cref="Rows"/>.</summary>
    public static void Run(float* w, float* bias, float* x, float* y, int height, int width, int first, int last)
    {
        float start = bias == null ? 0 : *bias;
        for (int r = first; r < last; r += Rows)
        {
            for (int j = 0; j < width; j += Lanes)
            {
                if (j > 0 && j + Lanes < width)
                    Block<Inside>(w, start, x, y, height, width, r, last, j);
                else
                    Block<Edge>(w, start, x, y, height, width, r, last, j);
            }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block<TPlace>(float* w, float start, float* x, float* y, int height, int width, int r, int last, int j)
        where TPlace : IPlace
    {
        int columns = Math.Min(Lanes, width - j);
        V left = TPlace.IsInside ? default : Vector512.AndNot(Below(width - j + 1), j == 0 ? Below(1) : V.Zero);
        V center = TPlace.IsInside ? default : Below(columns);
        V right = TPlace.IsInside ? default : Below(width - j - 1);
        V w0 = Vector512.Create(w[0]), w1 = Vector512.Create(w[1]), w2 = Vector512.Create(w[2]);
        V w3 = Vector512.Create(w[3]), w4 = Vector512.Create(w[4]), w5 = Vector512.Create(w[5]);
        V w6 = Vector512.Create(w[6]), w7 = Vector512.Create(w[7]), w8 = Vector512.Create(w[8]);
        V a = Vector512.Create(start), b = a, c = a, d = a;
        float* row = x + ((long)(r - 1) * width) + j;
        for (int q = 0; q < Rows + 2; q++, row += width)
        {
            bool isThere = (uint)(r - 1 + q) < (uint)height;
            V x0 = !isThere ? V.Zero : TPlace.IsInside ? Vector512.Load(row - 1) : Avx512F.MaskLoad(row - 1, left, V.Zero);
            V x1 = !isThere ? V.Zero : TPlace.IsInside ? Vector512.Load(row) : Avx512F.MaskLoad(row, center, V.Zero);
            V x2 = !isThere ? V.Zero : TPlace.IsInside ? Vector512.Load(row + 1) : Avx512F.MaskLoad(row + 1, right, V.Zero);
            switch (q)
            {
                case 0:
                    a = Add(a, w0, w1, w2, x0, x1, x2);
                    break;
                case 1:
                    a = Add(a, w3, w4, w5, x0, x1, x2);
                    b = Add(b, w0, w1, w2, x0, x1, x2);
                    break;
                case 2:
                    a = Add(a, w6, w7, w8, x0, x1, x2);
                    b = Add(b, w3, w4, w5, x0, x1, x2);
                    c = Add(c, w0, w1, w2, x0, x1, x2);
                    break;
                case 3:
                    b = Add(b, w6, w7, w8, x0, x1, x2);
                    c = Add(c, w3, w4, w5, x0, x1, x2);
                    d = Add(d, w0, w1, w2, x0, x1, x2);
                    break;
                case 4:
                    c = Add(c, w6, w7, w8, x0, x1, x2);
                    d = Add(d, w3, w4, w5, x0, x1, x2);
                    break;
                default:
                    d = Add(d, w6, w7, w8, x0, x1, x2);
                    break;
            }
        }

        float* to = y + ((long)r * width) + j;
        Store<TPlace>(to, a, center);
        if (r + 1 < last)
            Store<TPlace>(to + width, b, center);
        if (r + 2 < last)
            Store<TPlace>(to + (2L * width), c, center);
        if (r + 3 < last)
            Store<TPlace>(to + (3L * width), d, center);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(V sum, V w0, V w1, V w2, V x0, V x1, V x2) =>
        Vector512.FusedMultiplyAdd(w2, x2, Vector512.FusedMultiplyAdd(w1, x1, Vector512.FusedMultiplyAdd(w0, x0, sum)));

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

    /// <summary>Whether all neighbors of a block of 16 columns are columns too.</summary>
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
