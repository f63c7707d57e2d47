using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>One row of samples in [0, 1] to level-shifted 8-bit samples: clamp(round-half-even(255 v)) - 128.</summary>
/// <remarks>16 samples per step. Aliasing: the output must not overlap the input. The last step overlaps the one before. NaN counts as 0.</remarks>
internal static class JpegQuantizeRow
{
    // Adding 1.5 * 2^23 leaves the value, rounded half to even, in the low bits of the significand.
    private const float Magic = 12582912f;

    /// <summary>Converts the samples that <paramref name="source"/> holds; the target is at least as long.</summary>
    public static void Convert(ReadOnlySpan<float> source, Span<short> target)
    {
        int count = source.Length;
        if (!Vector256.IsHardwareAccelerated || count < 16)
        {
            Scalar(source, target);
            return;
        }

        ref float s = ref MemoryMarshal.GetReference(source);
        ref short t = ref MemoryMarshal.GetReference(target[..count]);
        Vector256<short> shift = Vector256.Create((short)128);
        for (int i = 0; ; i = Math.Min(i + 16, count - 16))
        {
            Vector256<int> low = Level(Vector256.LoadUnsafe(ref s, (nuint)i));
            Vector256<int> high = Level(Vector256.LoadUnsafe(ref s, (nuint)i + 8));
            (Vector256.Narrow(low, high) - shift).StoreUnsafe(ref t, (nuint)i);
            if (i == count - 16)
                return;
        }
    }

    /// <summary>The scalar twin of <see cref="Convert"/>.</summary>
    internal static void Scalar(ReadOnlySpan<float> source, Span<short> target)
    {
        for (int i = 0; i < source.Length; i++)
            target[i] = (short)(Level(source[i]) - 128);
    }

    /// <summary>The 8-bit level of a sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Level(float value)
    {
        float scaled = value * 255f;
        scaled = scaled > 0f ? scaled : 0f;
        scaled = scaled < 255f ? scaled : 255f;
        return BitConverter.SingleToInt32Bits(scaled + Magic) & 0xFF;
    }

    /// <summary>The 8-bit levels of 8 samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Level(Vector256<float> value)
    {
        Vector256<float> scaled = value * 255f;
        Vector256<float> top = Vector256.Create(255f);
        if (Avx.IsSupported)
        {
            // The instruction gives its second operand where the first is no number.
            scaled = Avx.Min(Avx.Max(scaled, Vector256<float>.Zero), top);
        }
        else
        {
            scaled = Vector256.ConditionalSelect(Vector256.GreaterThan(scaled, Vector256<float>.Zero), scaled, Vector256<float>.Zero);
            scaled = Vector256.ConditionalSelect(Vector256.LessThan(scaled, top), scaled, top);
        }

        return (scaled + Vector256.Create(Magic)).AsInt32() & Vector256.Create(0xFF);
    }

    /// <summary>The 8-bit levels of 16 samples; AVX-512 only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<int> Level(Vector512<float> value)
    {
        Vector512<float> scaled = Avx512F.Min(Avx512F.Max(value * 255f, Vector512<float>.Zero), Vector512.Create(255f));
        return (scaled + Vector512.Create(Magic)).AsInt32() & Vector512.Create(0xFF);
    }
}
