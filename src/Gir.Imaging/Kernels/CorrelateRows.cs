using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Adds the contribution of one source row to one output row, or to four neighbouring ones.</summary>
/// <remarks>
/// destination[x] += weights[0] * source[x] + ... + weights[taps-1] * source[x + taps-1], added one product after the other from
/// tap 0 upwards. The source must hold length + taps - 1 samples; source, weights and destination must not overlap.
/// Lanes are neighbouring output samples: a register of outputs meets one broadcast weight and an unaligned source register.
/// Four rows share each source register (16 accumulators), which halves the loads that bound the single-row form.
/// </remarks>
internal static unsafe class CorrelateRows
{
    /// <summary>One output row.</summary>
    public static void Accumulate<T>(T* source, T* weights, int taps, T* destination, int length)
        where T : unmanaged, INumber<T>
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = Single<T, Vector512<T>, Lanes512<T>>(source, weights, taps, destination, done, length);
        else if (Vector256.IsHardwareAccelerated)
            done = Single<T, Vector256<T>, Lanes256<T>>(source, weights, taps, destination, done, length);
        Single<T, T, Lanes1<T>>(source, weights, taps, destination, done, length);
    }

    /// <summary>The scalar twin of <see cref="Accumulate"/>.</summary>
    public static void AccumulateScalar<T>(T* source, T* weights, int taps, T* destination, int length)
        where T : unmanaged, INumber<T> =>
        Single<T, T, Lanes1<T>>(source, weights, taps, destination, 0, length);

    /// <summary>
    /// Four output rows: row r is at destination + r * destinationStride and takes the weights at weights - r * weightStride,
    /// since one source row is the kernel's row k for an output row and row k - 1 for the output row below.
    /// </summary>
    public static void Accumulate4<T>(T* source, T* weights, int weightStride, int taps, T* destination, int destinationStride, int length)
        where T : unmanaged, INumber<T>
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = Quad<T, Vector512<T>, Lanes512<T>>(source, weights, weightStride, taps, destination, destinationStride, length);
        for (int row = 0; row < 4; row++)
        {
            // AVX2 has 16 registers: sixteen accumulators would live in memory, so narrower machines take the rows one by one.
            Accumulate(source + done, weights - (row * (nint)weightStride), taps, destination + (row * (nint)destinationStride) + done, length - done);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Single<T, TVector, TLanes>(T* source, T* weights, int taps, T* destination, int start, int length)
        where T : unmanaged
        where TVector : struct
        where TLanes : ILanes<T, TVector>
    {
        int x = start;
        int step = TLanes.Count;
        for (; x <= length - (4 * step); x += 4 * step)
        {
            T* s = source + x;
            T* d = destination + x;
            TVector sum0 = TLanes.Load(d);
            TVector sum1 = TLanes.Load(d + step);
            TVector sum2 = TLanes.Load(d + (2 * step));
            TVector sum3 = TLanes.Load(d + (3 * step));
            for (int k = 0; k < taps; k++)
            {
                TVector weight = TLanes.Broadcast(weights[k]);
                sum0 = TLanes.Add(sum0, TLanes.Multiply(TLanes.Load(s), weight));
                sum1 = TLanes.Add(sum1, TLanes.Multiply(TLanes.Load(s + step), weight));
                sum2 = TLanes.Add(sum2, TLanes.Multiply(TLanes.Load(s + (2 * step)), weight));
                sum3 = TLanes.Add(sum3, TLanes.Multiply(TLanes.Load(s + (3 * step)), weight));
                s++;
            }

            TLanes.Store(sum0, d);
            TLanes.Store(sum1, d + step);
            TLanes.Store(sum2, d + (2 * step));
            TLanes.Store(sum3, d + (3 * step));
        }

        for (; x <= length - step; x += step)
        {
            TVector sum = TLanes.Load(destination + x);
            for (int k = 0; k < taps; k++)
                sum = TLanes.Add(sum, TLanes.Multiply(TLanes.Load(source + x + k), TLanes.Broadcast(weights[k])));
            TLanes.Store(sum, destination + x);
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Quad<T, TVector, TLanes>(T* source, T* weights, nint weightStride, int taps, T* destination, nint destinationStride, int length)
        where T : unmanaged
        where TVector : struct
        where TLanes : ILanes<T, TVector>
    {
        int x = 0;
        int step = TLanes.Count;
        for (; x <= length - (4 * step); x += 4 * step)
        {
            T* s = source + x;
            T* d0 = destination + x;
            T* d1 = d0 + destinationStride;
            T* d2 = d1 + destinationStride;
            T* d3 = d2 + destinationStride;
            TVector sum00 = TLanes.Load(d0), sum01 = TLanes.Load(d0 + step), sum02 = TLanes.Load(d0 + (2 * step)), sum03 = TLanes.Load(d0 + (3 * step));
            TVector sum10 = TLanes.Load(d1), sum11 = TLanes.Load(d1 + step), sum12 = TLanes.Load(d1 + (2 * step)), sum13 = TLanes.Load(d1 + (3 * step));
            TVector sum20 = TLanes.Load(d2), sum21 = TLanes.Load(d2 + step), sum22 = TLanes.Load(d2 + (2 * step)), sum23 = TLanes.Load(d2 + (3 * step));
            TVector sum30 = TLanes.Load(d3), sum31 = TLanes.Load(d3 + step), sum32 = TLanes.Load(d3 + (2 * step)), sum33 = TLanes.Load(d3 + (3 * step));
            T* w0 = weights;
            T* w1 = w0 - weightStride;
            T* w2 = w1 - weightStride;
            T* w3 = w2 - weightStride;
            for (nint k = 0; k < taps; k++)
            {
                TVector v0 = TLanes.Load(s + k);
                TVector v1 = TLanes.Load(s + k + step);
                TVector v2 = TLanes.Load(s + k + (2 * step));
                TVector v3 = TLanes.Load(s + k + (3 * step));
                TVector weight = TLanes.Broadcast(w0[k]);
                sum00 = TLanes.Add(sum00, TLanes.Multiply(v0, weight));
                sum01 = TLanes.Add(sum01, TLanes.Multiply(v1, weight));
                sum02 = TLanes.Add(sum02, TLanes.Multiply(v2, weight));
                sum03 = TLanes.Add(sum03, TLanes.Multiply(v3, weight));
                weight = TLanes.Broadcast(w1[k]);
                sum10 = TLanes.Add(sum10, TLanes.Multiply(v0, weight));
                sum11 = TLanes.Add(sum11, TLanes.Multiply(v1, weight));
                sum12 = TLanes.Add(sum12, TLanes.Multiply(v2, weight));
                sum13 = TLanes.Add(sum13, TLanes.Multiply(v3, weight));
                weight = TLanes.Broadcast(w2[k]);
                sum20 = TLanes.Add(sum20, TLanes.Multiply(v0, weight));
                sum21 = TLanes.Add(sum21, TLanes.Multiply(v1, weight));
                sum22 = TLanes.Add(sum22, TLanes.Multiply(v2, weight));
                sum23 = TLanes.Add(sum23, TLanes.Multiply(v3, weight));
                weight = TLanes.Broadcast(w3[k]);
                sum30 = TLanes.Add(sum30, TLanes.Multiply(v0, weight));
                sum31 = TLanes.Add(sum31, TLanes.Multiply(v1, weight));
                sum32 = TLanes.Add(sum32, TLanes.Multiply(v2, weight));
                sum33 = TLanes.Add(sum33, TLanes.Multiply(v3, weight));
            }

            TLanes.Store(sum00, d0);
            TLanes.Store(sum01, d0 + step);
            TLanes.Store(sum02, d0 + (2 * step));
            TLanes.Store(sum03, d0 + (3 * step));
            TLanes.Store(sum10, d1);
            TLanes.Store(sum11, d1 + step);
            TLanes.Store(sum12, d1 + (2 * step));
            TLanes.Store(sum13, d1 + (3 * step));
            TLanes.Store(sum20, d2);
            TLanes.Store(sum21, d2 + step);
            TLanes.Store(sum22, d2 + (2 * step));
            TLanes.Store(sum23, d2 + (3 * step));
            TLanes.Store(sum30, d3);
            TLanes.Store(sum31, d3 + step);
            TLanes.Store(sum32, d3 + (2 * step));
            TLanes.Store(sum33, d3 + (3 * step));
        }

        return x;
    }
}
