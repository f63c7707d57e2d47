using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Doubles the width and/or the height of level-shifted rows with libjpeg's triangle ("fancy") filter.</summary>
/// <remarks>
/// 16 inputs per step, all in words; an even and an odd output make one double word. Aliasing: the target must not overlap the sources.
/// The last step overlaps the one before. Level-shifting changes none of the results, as every rounding is a whole number of levels away.
/// </remarks>
internal static class JpegUpsample
{
    /// <summary>Width: target[2i] = (3 s[i] + s[i-1] + 1) >> 2, target[2i+1] = (3 s[i] + s[i+1] + 2) >> 2, edges repeated.</summary>
    /// <param name="source">n samples, n at least 1.</param>
    /// <param name="target">At least 2 n samples.</param>
    public static void Horizontal(ReadOnlySpan<short> source, Span<short> target)
    {
        int n = source.Length;
        if (!Vector256.IsHardwareAccelerated || n < 18)
        {
            HorizontalScalar(source, target, 0, n);
            return;
        }

        HorizontalScalar(source, target, 0, 1);
        HorizontalScalar(source, target, n - 1, n);
        ref short s = ref MemoryMarshal.GetReference(source);
        ref short t = ref MemoryMarshal.GetReference(target[..(2 * n)]);
        for (int i = 1; ; i = Math.Min(i + 16, n - 17))
        {
            Vector256<short> near = Vector256.LoadUnsafe(ref s, (nuint)i) * 3;
            Vector256<short> even = (near + Vector256.LoadUnsafe(ref s, (nuint)i - 1) + Vector256.Create((short)1)) >> 2;
            Vector256<short> odd = (near + Vector256.LoadUnsafe(ref s, (nuint)i + 1) + Vector256.Create((short)2)) >> 2;
            StoreInterleaved(even, odd, ref t, (nuint)(2 * i));
            if (i == n - 17)
                return;
        }
    }

    /// <summary>Height: target[i] = (3 near[i] + far[i] + bias) >> 2.</summary>
    /// <param name="near">The row that the output row lies in.</param>
    /// <param name="far">Its neighbor on the output row's side.</param>
    /// <param name="bias">1 for the upper output row, 2 for the lower.</param>
    /// <param name="target">As long as near.</param>
    public static void Vertical(ReadOnlySpan<short> near, ReadOnlySpan<short> far, short bias, Span<short> target)
    {
        int n = near.Length;
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref short a = ref MemoryMarshal.GetReference(near);
            ref short b = ref MemoryMarshal.GetReference(far[..n]);
            ref short t = ref MemoryMarshal.GetReference(target[..n]);
            for (; i + 16 <= n; i += 16)
            {
                Vector256<short> sum = (Vector256.LoadUnsafe(ref a, (nuint)i) * 3) + Vector256.LoadUnsafe(ref b, (nuint)i) + Vector256.Create(bias);
                (sum >> 2).StoreUnsafe(ref t, (nuint)i);
            }
        }

        VerticalScalar(near, far, bias, target, i);
    }

    /// <summary>Both: with v = 3 near + far, target[2i] = (3 v[i] + v[i-1] + 8) >> 4, target[2i+1] = (3 v[i] + v[i+1] + 7) >> 4, edges repeated.</summary>
    /// <param name="near">The row that the output row lies in: n samples, n at least 1.</param>
    /// <param name="far">Its neighbor on the output row's side.</param>
    /// <param name="target">At least 2 n samples.</param>
    public static void Both(ReadOnlySpan<short> near, ReadOnlySpan<short> far, Span<short> target)
    {
        int n = near.Length;
        if (!Vector256.IsHardwareAccelerated || n < 18)
        {
            BothScalar(near, far, target, 0, n);
            return;
        }

        BothScalar(near, far, target, 0, 1);
        BothScalar(near, far, target, n - 1, n);
        ref short a = ref MemoryMarshal.GetReference(near);
        ref short b = ref MemoryMarshal.GetReference(far[..n]);
        ref short t = ref MemoryMarshal.GetReference(target[..(2 * n)]);
        for (int i = 1; ; i = Math.Min(i + 16, n - 17))
        {
            Vector256<short> left = Sum(ref a, ref b, (nuint)i - 1);
            Vector256<short> middle = Sum(ref a, ref b, (nuint)i) * 3;
            Vector256<short> right = Sum(ref a, ref b, (nuint)i + 1);
            Vector256<short> even = (middle + left + Vector256.Create((short)8)) >> 4;
            Vector256<short> odd = (middle + right + Vector256.Create((short)7)) >> 4;
            StoreInterleaved(even, odd, ref t, (nuint)(2 * i));
            if (i == n - 17)
                return;
        }
    }

    /// <summary>The scalar twin of <see cref="Horizontal"/> for the inputs start..end-1.</summary>
    internal static void HorizontalScalar(ReadOnlySpan<short> source, Span<short> target, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            int near = 3 * source[i];
            target[2 * i] = (short)((near + source[Math.Max(i - 1, 0)] + 1) >> 2);
            target[(2 * i) + 1] = (short)((near + source[Math.Min(i + 1, source.Length - 1)] + 2) >> 2);
        }
    }

    /// <summary>The scalar twin of <see cref="Vertical"/>, from a column on.</summary>
    internal static void VerticalScalar(ReadOnlySpan<short> near, ReadOnlySpan<short> far, short bias, Span<short> target, int start)
    {
        for (int i = start; i < near.Length; i++)
            target[i] = (short)(((3 * near[i]) + far[i] + bias) >> 2);
    }

    /// <summary>The scalar twin of <see cref="Both"/> for the inputs start..end-1.</summary>
    internal static void BothScalar(ReadOnlySpan<short> near, ReadOnlySpan<short> far, Span<short> target, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            (int before, int after) = (Math.Max(i - 1, 0), Math.Min(i + 1, near.Length - 1));
            int middle = 3 * ((3 * near[i]) + far[i]);
            target[2 * i] = (short)((middle + (3 * near[before]) + far[before] + 8) >> 4);
            target[(2 * i) + 1] = (short)((middle + (3 * near[after]) + far[after] + 7) >> 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Sum(ref short near, ref short far, nuint i) =>
        (Vector256.LoadUnsafe(ref near, i) * 3) + Vector256.LoadUnsafe(ref far, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreInterleaved(Vector256<short> even, Vector256<short> odd, ref short target, nuint at)
    {
        (Vector256<uint> evenLow, Vector256<uint> evenHigh) = Vector256.Widen(even.AsUInt16());
        (Vector256<uint> oddLow, Vector256<uint> oddHigh) = Vector256.Widen(odd.AsUInt16());
        (evenLow | (oddLow << 16)).AsInt16().StoreUnsafe(ref target, at);
        (evenHigh | (oddHigh << 16)).AsInt16().StoreUnsafe(ref target, at + 16);
    }
}
