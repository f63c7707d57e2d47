using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Random;

namespace Gir.Imaging.Kernels;

/// <summary>Two float64 uniforms per Philox block: the upper 53 bits of words 0 (low) and 1 (high), then of words 2 and 3, times 2^-53.</summary>
internal readonly struct PhiloxUniformDouble : IPhiloxForm<double>
{
    private const double Step = 1.0 / (1UL << 53);

    // 2^84, 2^84 + 2^52 and 2^52 as bit patterns: halves of the 53-bit integer go into their mantissas.
    private const ulong HighMagic = 0x4530000000000000;
    private const ulong LowMagic = 0x4330000000000000;
    private const double BothMagic = 19342813118337666422669312.0;

    public static int PerBlock => 2;

    // Every step is exact for integers below 2^53, so this equals the scalar conversion bit for bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Of(Vector512<uint> words)
    {
        Vector512<ulong> integer = words.AsUInt64() >>> 11;
        Vector512<double> high = ((integer >>> 32) | Vector512.Create(HighMagic)).AsDouble();
        Vector512<double> low = ((integer & Vector512.Create(0xFFFFFFFFUL)) | Vector512.Create(LowMagic)).AsDouble();
        return ((high - Vector512.Create(BothMagic)) + low) * Step;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of(Vector256<uint> words)
    {
        Vector256<ulong> integer = words.AsUInt64() >>> 11;
        Vector256<double> high = ((integer >>> 32) | Vector256.Create(HighMagic)).AsDouble();
        Vector256<double> low = ((integer & Vector256.Create(0xFFFFFFFFUL)) | Vector256.Create(LowMagic)).AsDouble();
        return ((high - Vector256.Create(BothMagic)) + low) * Step;
    }

    public static void Write(PhiloxBlock block, Span<double> destination)
    {
        destination[0] = (long)((block.X0 | ((ulong)block.X1 << 32)) >> 11) * Step;
        destination[1] = (long)((block.X2 | ((ulong)block.X3 << 32)) >> 11) * Step;
    }
}
