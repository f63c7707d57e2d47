using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>Sixteen samples between 8-bit levels and the unit range: the lanes of one <see cref="Vector128{T}"/> of bytes, in order.</summary>
internal static class UnitLevels
{
    /// <summary>Levels handled at once.</summary>
    public const int Width = 16;

    // Added to a value in [0, 2^23), it leaves the value, rounded half to even, in the low bits of the mantissa.
    private const float Rounder = 8_388_608f;

    /// <summary>clamp(round-half-even(scale * value)); NaN gives 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToLevel(float value, float scale)
    {
        float scaled = value * scale;
        scaled = scaled > 0f ? scaled : 0f;
        scaled = scaled < scale ? scaled : scale;
        return BitConverter.SingleToUInt32Bits(scaled + Rounder) & 0x7FFFFFu;
    }

    /// <summary>level / 255f for sixteen levels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUnit(Vector128<byte> levels, ref float destination)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<float> unit = Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(levels));
            Unit(unit).StoreUnsafe(ref destination);
            return;
        }

        if (Avx2.IsSupported)
        {
            Unit(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(levels))).StoreUnsafe(ref destination);
            Unit(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(Vector128.Create(levels.GetUpper(), levels.GetUpper()))))
                .StoreUnsafe(ref destination, 8);
            return;
        }

        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(levels);
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
        StoreUnit(a, ref destination, 0);
        StoreUnit(b, ref destination, 4);
        StoreUnit(c, ref destination, 8);
        StoreUnit(d, ref destination, 12);
    }

    /// <summary>level / 255f.</summary>
    /// <remarks>
    /// For the levels 0..255 a product with the reciprocal, corrected by what it leaves, rounds as the division does, in a third of its time.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Unit(Vector256<float> level)
    {
        Vector256<float> scale = Vector256.Create(255f);
        if (!Fma.IsSupported)
            return level / scale;
        Vector256<float> reciprocal = Vector256.Create(1 / 255f);
        Vector256<float> near = level * reciprocal;
        return Fma.MultiplyAdd(Fma.MultiplyAddNegated(near, scale, level), reciprocal, near);
    }

    /// <inheritdoc cref="Unit(Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Unit(Vector512<float> level)
    {
        Vector512<float> scale = Vector512.Create(255f);
        if (!Avx512F.IsSupported)
            return level / scale;
        Vector512<float> reciprocal = Vector512.Create(1 / 255f);
        Vector512<float> near = level * reciprocal;
        return Avx512F.FusedMultiplyAdd(Avx512F.FusedMultiplyAddNegated(near, scale, level), reciprocal, near);
    }

    /// <summary>level / 255f for sixteen levels 0..255 in words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUnit(Vector256<short> levels, ref float destination, nuint offset)
    {
        if (Avx512F.IsSupported)
        {
            Unit(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(levels))).StoreUnsafe(ref destination, offset);
            return;
        }

        (Vector256<int> low, Vector256<int> high) = Vector256.Widen(levels);
        Unit(Vector256.ConvertToSingle(low)).StoreUnsafe(ref destination, offset);
        Unit(Vector256.ConvertToSingle(high)).StoreUnsafe(ref destination, offset + 8);
    }

    /// <summary>Sixteen 8-bit levels of samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LoadLevels(ref float source)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector128Byte(Levels(Vector512.LoadUnsafe(ref source)));
        return Vector128.Narrow(
            Vector128.Narrow(Levels(Vector128.LoadUnsafe(ref source)), Levels(Vector128.LoadUnsafe(ref source, 4))),
            Vector128.Narrow(Levels(Vector128.LoadUnsafe(ref source, 8)), Levels(Vector128.LoadUnsafe(ref source, 12))));
    }

    /// <summary>The 8-bit levels of samples, one per 32-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Levels(Vector512<float> value)
    {
        Vector512<float> scaled = value * Vector512.Create(255f);
        scaled = Vector512.ConditionalSelect(Vector512.GreaterThan(scaled, Vector512<float>.Zero), scaled, Vector512<float>.Zero);
        scaled = Vector512.ConditionalSelect(Vector512.LessThan(scaled, Vector512.Create(255f)), scaled, Vector512.Create(255f));
        return (scaled + Vector512.Create(Rounder)).AsUInt32() & Vector512.Create(0xFFu);
    }

    /// <summary>The 8-bit levels of samples, one per 32-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Levels(Vector256<float> value)
    {
        Vector256<float> scaled = value * Vector256.Create(255f);
        scaled = Vector256.ConditionalSelect(Vector256.GreaterThan(scaled, Vector256<float>.Zero), scaled, Vector256<float>.Zero);
        scaled = Vector256.ConditionalSelect(Vector256.LessThan(scaled, Vector256.Create(255f)), scaled, Vector256.Create(255f));
        return (scaled + Vector256.Create(Rounder)).AsUInt32() & Vector256.Create(0xFFu);
    }

    /// <summary>The 8-bit levels of samples, one per 32-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Levels(Vector128<float> value)
    {
        Vector128<float> scaled = value * Vector128.Create(255f);
        scaled = Vector128.ConditionalSelect(Vector128.GreaterThan(scaled, Vector128<float>.Zero), scaled, Vector128<float>.Zero);
        scaled = Vector128.ConditionalSelect(Vector128.LessThan(scaled, Vector128.Create(255f)), scaled, Vector128.Create(255f));
        return (scaled + Vector128.Create(Rounder)).AsUInt32() & Vector128.Create(0xFFu);
    }

    /// <summary>Picks bytes by index; index 255 gives 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Pick(Vector128<byte> bytes, Vector128<byte> indices) =>
        // With indices that are no constants, the portable form would first check each against 15.
        Ssse3.IsSupported ? Ssse3.Shuffle(bytes, indices) : Vector128.Shuffle(bytes, indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreUnit(Vector128<uint> levels, ref float destination, nuint offset) =>
        (Vector128.ConvertToSingle(levels.AsInt32()) / Vector128.Create(255f)).StoreUnsafe(ref destination, offset);
}
