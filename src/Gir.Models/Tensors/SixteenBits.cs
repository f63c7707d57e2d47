using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Gir.Models.Tensors;

/// <summary>The two ways to keep a single in 16 bits. Widening is exact, and the same on every processor.</summary>
internal static class SixteenBits
{
    private const int Chunk = 1024;

    /// <summary>Halves (IEEE 754 binary16) as singles.</summary>
    public static void WidenHalves(ReadOnlySpan<ushort> bits, Span<float> destination) => TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(bits), destination);

    /// <summary>Upper halves of singles (bfloat16) as singles.</summary>
    public static void WidenUpper(ReadOnlySpan<ushort> bits, Span<float> destination)
    {
        Span<uint> wide = MemoryMarshal.Cast<float, uint>(destination)[..bits.Length];
        int i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(bits[i..]), out Vector<uint> low, out Vector<uint> high);
            Vector.ShiftLeft(low, 16).CopyTo(wide[i..]);
            Vector.ShiftLeft(high, 16).CopyTo(wide[(i + Vector<uint>.Count)..]);
        }

        for (; i < bits.Length; i++)
            wide[i] = (uint)bits[i] << 16;
    }

    /// <summary>Singles as halves; false where that would change the bits of one, with the destination undefined.</summary>
    public static bool TryHalves(ReadOnlySpan<float> values, Span<ushort> bits)
    {
        Span<float> back = stackalloc float[Chunk];
        for (int i = 0; i < values.Length; i += Chunk)
        {
            ReadOnlySpan<float> part = values[i..Math.Min(values.Length, i + Chunk)];
            Span<ushort> narrow = bits.Slice(i, part.Length);
            TensorPrimitives.ConvertToHalf(part, MemoryMarshal.Cast<ushort, Half>(narrow));
            WidenHalves(narrow, back);
            if (!MemoryMarshal.AsBytes(part).SequenceEqual(MemoryMarshal.AsBytes(back[..part.Length])))
                return false;
        }

        return true;
    }

    /// <summary>Singles as their upper halves; false where the lower ones are not zero, with the destination undefined.</summary>
    public static bool TryUpper(ReadOnlySpan<float> values, Span<ushort> bits)
    {
        ReadOnlySpan<uint> wide = MemoryMarshal.Cast<float, uint>(values);
        for (int i = 0; i < wide.Length; i++)
        {
            if ((wide[i] & 0xFFFF) != 0)
                return false;
            bits[i] = (ushort)(wide[i] >> 16);
        }

        return true;
    }
}
