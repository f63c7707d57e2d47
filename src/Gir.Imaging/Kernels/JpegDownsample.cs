using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Halves the width (and the height) of level-shifted chroma rows as libjpeg does: box means whose rounding alternates by column.</summary>
/// <remarks>
/// 16 outputs per step: a double word holds a horizontal pair. Aliasing: the target may be the start of a source row, since reading is ahead of writing.
/// </remarks>
internal static class JpegDownsample
{
    /// <summary>target[i] = (a[2i] + a[2i+1] + b[2i] + b[2i+1] + (i odd ? 2 : 1)) >> 2.</summary>
    public static void Both(ReadOnlySpan<short> upper, ReadOnlySpan<short> lower, Span<short> target)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref short a = ref MemoryMarshal.GetReference(upper[..(2 * target.Length)]);
            ref short b = ref MemoryMarshal.GetReference(lower[..(2 * target.Length)]);
            ref short t = ref MemoryMarshal.GetReference(target);
            Vector256<int> bias = Vector256.Create(1, 2, 1, 2, 1, 2, 1, 2);
            for (; done + 16 <= target.Length; done += 16)
            {
                nuint at = (nuint)(2 * done);
                Vector256<int> low = PairSums(Vector256.LoadUnsafe(ref a, at) + Vector256.LoadUnsafe(ref b, at));
                Vector256<int> high = PairSums(Vector256.LoadUnsafe(ref a, at + 16) + Vector256.LoadUnsafe(ref b, at + 16));
                Vector256.Narrow((low + bias) >> 2, (high + bias) >> 2).StoreUnsafe(ref t, (nuint)done);
            }
        }

        BothScalar(upper, lower, target, done);
    }

    /// <summary>target[i] = (a[2i] + a[2i+1] + (i odd ? 1 : 0)) >> 1.</summary>
    public static void Horizontal(ReadOnlySpan<short> source, Span<short> target)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref short a = ref MemoryMarshal.GetReference(source[..(2 * target.Length)]);
            ref short t = ref MemoryMarshal.GetReference(target);
            Vector256<int> bias = Vector256.Create(0, 1, 0, 1, 0, 1, 0, 1);
            for (; done + 16 <= target.Length; done += 16)
            {
                nuint at = (nuint)(2 * done);
                Vector256<int> low = PairSums(Vector256.LoadUnsafe(ref a, at));
                Vector256<int> high = PairSums(Vector256.LoadUnsafe(ref a, at + 16));
                Vector256.Narrow((low + bias) >> 1, (high + bias) >> 1).StoreUnsafe(ref t, (nuint)done);
            }
        }

        HorizontalScalar(source, target, done);
    }

    /// <summary>The scalar twin of <see cref="Both"/>, from an output on.</summary>
    internal static void BothScalar(ReadOnlySpan<short> upper, ReadOnlySpan<short> lower, Span<short> target, int start)
    {
        for (int i = start; i < target.Length; i++)
            target[i] = (short)((upper[2 * i] + upper[(2 * i) + 1] + lower[2 * i] + lower[(2 * i) + 1] + 1 + (i & 1)) >> 2);
    }

    /// <summary>The scalar twin of <see cref="Horizontal"/>, from an output on.</summary>
    internal static void HorizontalScalar(ReadOnlySpan<short> source, Span<short> target, int start)
    {
        for (int i = start; i < target.Length; i++)
            target[i] = (short)((source[2 * i] + source[(2 * i) + 1] + (i & 1)) >> 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> PairSums(Vector256<short> words)
    {
        Vector256<int> pairs = words.AsInt32();
        return ((pairs << 16) >> 16) + (pairs >> 16);
    }
}
