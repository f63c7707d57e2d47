using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Weighted sums of neighbors from several rows: one output row, or four neighboring ones.</summary>
/// <remarks>
/// destination[x] = sum over i, k of weights[i * stride + k] * rows[i][x + k * step], the products added one after the other from zero,
/// row by row and from left to right; step is 1 for neighbors, or the distance of rows that have been prepared for each k. A source row
/// must hold length + (largest k) * step samples; rows may repeat, and none may overlap the destination. Lanes are neighboring output
/// samples: a register of outputs meets one broadcast weight and an unaligned source register. Where the length is no multiple of a register, the last register lies over the one before and computes the same again.
/// </remarks>
internal static unsafe class CorrelateRows
{
    /// <summary>One output row.</summary>
    /// <param name="rows">The source rows, <paramref name="height"/> of them.</param>
    /// <param name="weights">The weights, row after row.</param>
    /// <param name="ranges">First weight and one past the last for every row; null for 0 and stride.</param>
    /// <param name="height">Rows of weights.</param>
    /// <param name="stride">Weights of a row.</param>
    /// <param name="destination">The output.</param>
    /// <param name="length">Samples of the output.</param>
    /// <param name="step">Samples from one k to the next in a source row.</param>
    public static void One<T>(T** rows, T* weights, int* ranges, int height, int stride, T* destination, int length, int step = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated && length >= Vector512<T>.Count)
            OneRun<T, Lanes512<T>>(rows, weights, ranges, height, stride, step, destination, 0, length);
        else if (Vector256.IsHardwareAccelerated && length >= Vector256<T>.Count)
            OneRun<T, Lanes256<T>>(rows, weights, ranges, height, stride, step, destination, 0, length);
        else
            OneRun<T, Lanes1<T>>(rows, weights, ranges, height, stride, step, destination, 0, length);
    }

    /// <summary>The scalar twin of <see cref="One"/>.</summary>
    public static void OneScalar<T>(T** rows, T* weights, int* ranges, int height, int stride, T* destination, int length, int step = 1)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        OneRun<T, Lanes1<T>>(rows, weights, ranges, height, stride, step, destination, 0, length);

    /// <summary>
    /// Four output rows from height + 3 source rows: output r, at destination + r * destinationStride, is the sum of rows r..r + height - 1.
    /// </summary>
    /// <remarks>A source register is loaded once for all four (16 accumulators), since loads bound the single-row form.</remarks>
    public static void Four<T>(T** rows, T* weights, int height, int stride, T* destination, int destinationStride, int length, int step = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int done = 0;
        // AVX2 has 16 registers: sixteen accumulators would live in memory, so narrower machines take the rows one by one.
        if (Vector512.IsHardwareAccelerated && height >= 4)
            done = FourRun<T, Lanes512<T>>(rows, weights, height, stride, step, destination, destinationStride, length);
        if (done == length)
            return;
        for (int r = 0; r < 4; r++)
        {
            T* target = destination + (r * (nint)destinationStride);
            if (Vector512.IsHardwareAccelerated && length >= Vector512<T>.Count)
                OneRun<T, Lanes512<T>>(rows + r, weights, null, height, stride, step, target, done, length);
            else
                One(rows + r, weights, null, height, stride, target, length, step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OneRun<T, TLanes>(T** rows, T* weights, int* ranges, int height, nint stride, nint step, T* destination, int start, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        int x = start;
        int lanes = TLanes.Count;
        for (; x <= length - (4 * lanes); x += 4 * lanes)
        {
            TLanes sum0 = TLanes.Of(T.Zero), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            T* w = weights;
            for (int i = 0; i < height; i++, w += stride)
            {
                T* s = rows[i] + x;
                nint end = ranges == null ? stride : ranges[(2 * i) + 1];
                for (nint k = ranges == null ? 0 : ranges[2 * i]; k < end; k++)
                    AddProducts<T, TLanes>(s + (k * step), w[k], ref sum0, ref sum1, ref sum2, ref sum3);
            }

            TLanes.Store(sum0, destination + x);
            TLanes.Store(sum1, destination + x + lanes);
            TLanes.Store(sum2, destination + x + (2 * lanes));
            TLanes.Store(sum3, destination + x + (3 * lanes));
        }

        while (x < length)
        {
            x = Math.Min(x, length - lanes);
            TLanes sum = TLanes.Of(T.Zero);
            T* w = weights;
            for (int i = 0; i < height; i++, w += stride)
            {
                T* s = rows[i] + x;
                nint end = ranges == null ? stride : ranges[(2 * i) + 1];
                for (nint k = ranges == null ? 0 : ranges[2 * i]; k < end; k++)
                    sum += TLanes.Load(s + (k * step)) * TLanes.Of(w[k]);
            }

            TLanes.Store(sum, destination + x);
            x += lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int FourRun<T, TLanes>(T** rows, T* weights, int height, nint stride, nint step, T* destination, nint destinationStride, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        int x = 0;
        int lanes = TLanes.Count;
        for (; x <= length - (4 * lanes); x += 4 * lanes)
        {
            TLanes a0 = TLanes.Of(T.Zero), a1 = a0, a2 = a0, a3 = a0;
            TLanes b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            TLanes c0 = a0, c1 = a0, c2 = a0, c3 = a0;
            TLanes d0 = a0, d1 = a0, d2 = a0, d3 = a0;

            // The first source row belongs to the first output alone, the second to two of them, the third to three.
            T* w = weights;
            T* s = rows[0] + x;
            for (nint k = 0; k < stride; k++)
                AddProducts<T, TLanes>(s + (k * step), w[k], ref a0, ref a1, ref a2, ref a3);
            w += stride;
            s = rows[1] + x;
            for (nint k = 0; k < stride; k++)
            {
                AddProducts<T, TLanes>(s + (k * step), w[k], ref a0, ref a1, ref a2, ref a3);
                AddProducts<T, TLanes>(s + (k * step), w[k - stride], ref b0, ref b1, ref b2, ref b3);
            }

            w += stride;
            s = rows[2] + x;
            for (nint k = 0; k < stride; k++)
            {
                AddProducts<T, TLanes>(s + (k * step), w[k], ref a0, ref a1, ref a2, ref a3);
                AddProducts<T, TLanes>(s + (k * step), w[k - stride], ref b0, ref b1, ref b2, ref b3);
                AddProducts<T, TLanes>(s + (k * step), w[k - (2 * stride)], ref c0, ref c1, ref c2, ref c3);
            }

            for (int i = 3; i < height; i++)
            {
                w += stride;
                s = rows[i] + x;
                T* w1 = w - stride;
                T* w2 = w1 - stride;
                T* w3 = w2 - stride;
                for (nint k = 0; k < stride; k++)
                {
                    TLanes v0 = TLanes.Load(s + (k * step));
                    TLanes v1 = TLanes.Load(s + (k * step) + lanes);
                    TLanes v2 = TLanes.Load(s + (k * step) + (2 * lanes));
                    TLanes v3 = TLanes.Load(s + (k * step) + (3 * lanes));
                    TLanes weight = TLanes.Of(w[k]);
                    a0 += v0 * weight;
                    a1 += v1 * weight;
                    a2 += v2 * weight;
                    a3 += v3 * weight;
                    weight = TLanes.Of(w1[k]);
                    b0 += v0 * weight;
                    b1 += v1 * weight;
                    b2 += v2 * weight;
                    b3 += v3 * weight;
                    weight = TLanes.Of(w2[k]);
                    c0 += v0 * weight;
                    c1 += v1 * weight;
                    c2 += v2 * weight;
                    c3 += v3 * weight;
                    weight = TLanes.Of(w3[k]);
                    d0 += v0 * weight;
                    d1 += v1 * weight;
                    d2 += v2 * weight;
                    d3 += v3 * weight;
                }
            }

            // The last three rows have run past the first outputs.
            s = rows[height] + x;
            for (nint k = 0; k < stride; k++)
            {
                AddProducts<T, TLanes>(s + (k * step), w[k], ref b0, ref b1, ref b2, ref b3);
                AddProducts<T, TLanes>(s + (k * step), w[k - stride], ref c0, ref c1, ref c2, ref c3);
                AddProducts<T, TLanes>(s + (k * step), w[k - (2 * stride)], ref d0, ref d1, ref d2, ref d3);
            }

            s = rows[height + 1] + x;
            for (nint k = 0; k < stride; k++)
            {
                AddProducts<T, TLanes>(s + (k * step), w[k], ref c0, ref c1, ref c2, ref c3);
                AddProducts<T, TLanes>(s + (k * step), w[k - stride], ref d0, ref d1, ref d2, ref d3);
            }

            s = rows[height + 2] + x;
            for (nint k = 0; k < stride; k++)
                AddProducts<T, TLanes>(s + (k * step), w[k], ref d0, ref d1, ref d2, ref d3);

            Store<T, TLanes>(destination + x, a0, a1, a2, a3);
            Store<T, TLanes>(destination + destinationStride + x, b0, b1, b2, b3);
            Store<T, TLanes>(destination + (2 * destinationStride) + x, c0, c1, c2, c3);
            Store<T, TLanes>(destination + (3 * destinationStride) + x, d0, d1, d2, d3);
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts<T, TLanes>(T* source, T weight, ref TLanes sum0, ref TLanes sum1, ref TLanes sum2, ref TLanes sum3)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes w = TLanes.Of(weight);
        sum0 += TLanes.Load(source) * w;
        sum1 += TLanes.Load(source + TLanes.Count) * w;
        sum2 += TLanes.Load(source + (2 * TLanes.Count)) * w;
        sum3 += TLanes.Load(source + (3 * TLanes.Count)) * w;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T, TLanes>(T* destination, TLanes v0, TLanes v1, TLanes v2, TLanes v3)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes.Store(v0, destination);
        TLanes.Store(v1, destination + TLanes.Count);
        TLanes.Store(v2, destination + (2 * TLanes.Count));
        TLanes.Store(v3, destination + (3 * TLanes.Count));
    }
}
