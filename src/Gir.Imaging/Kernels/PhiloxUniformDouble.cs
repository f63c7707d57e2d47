using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Gir.Imaging.Random;

namespace Gir.Imaging.Kernels;

/// <summary>
/// Two float64 uniforms per Philox block: the upper 53 bits of words 0 (low) and 1 (high), then of words 2 and 3, times 2^-53.
/// Writes only its destination.
/// </summary>
internal readonly struct PhiloxUniformDouble : IPhiloxFill<double>
{
    private const double Step = 1.0 / (1UL << 53);

    // 2^84, 2^84 + 2^52 and 2^52 as bit patterns: halves of the 53-bit integer go into their mantissas.
    private const ulong HighMagic = 0x4530000000000000;
    private const ulong LowMagic = 0x4330000000000000;
    private const double BothMagic = 19342813118337666422669312.0;

    public static int PerBlock => 2;

    public static void Fill(Span<double> destination, ulong seed, uint stream, ulong firstBlock)
    {
        ref double d = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i <= destination.Length - 32; i += 32)
            {
                PhiloxRounds.Run512(firstBlock + ((ulong)i / 2), stream, seed, out Words512 a, out Words512 b);
                a.InOrder(out Vector512<uint> v0, out Vector512<uint> v1);
                b.InOrder(out Vector512<uint> v2, out Vector512<uint> v3);
                Scale(v0.AsUInt64()).StoreUnsafe(ref d, (nuint)i);
                Scale(v1.AsUInt64()).StoreUnsafe(ref d, (nuint)i + 8);
                Scale(v2.AsUInt64()).StoreUnsafe(ref d, (nuint)i + 16);
                Scale(v3.AsUInt64()).StoreUnsafe(ref d, (nuint)i + 24);
            }
        }

        if (Avx2.IsSupported)
        {
            for (; i <= destination.Length - 16; i += 16)
            {
                PhiloxRounds.Run256(firstBlock + ((ulong)i / 2), stream, seed, out Words256 a, out Words256 b);
                a.InOrder(out Vector256<uint> v0, out Vector256<uint> v1);
                b.InOrder(out Vector256<uint> v2, out Vector256<uint> v3);
                Scale(v0.AsUInt64()).StoreUnsafe(ref d, (nuint)i);
                Scale(v1.AsUInt64()).StoreUnsafe(ref d, (nuint)i + 4);
                Scale(v2.AsUInt64()).StoreUnsafe(ref d, (nuint)i + 8);
                Scale(v3.AsUInt64()).StoreUnsafe(ref d, (nuint)i + 12);
            }
        }

        FillScalar(destination[i..], seed, stream, firstBlock + ((ulong)i / 2));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void FillScalar(Span<double> destination, ulong seed, uint stream, ulong firstBlock)
    {
        for (int i = 0; i + 2 <= destination.Length; i += 2)
        {
            PhiloxBlock block = Philox4x32.Block(seed, stream, firstBlock + ((ulong)i / 2));
            destination[i] = (long)((block.X0 | ((ulong)block.X1 << 32)) >> 11) * Step;
            destination[i + 1] = (long)((block.X2 | ((ulong)block.X3 << 32)) >> 11) * Step;
        }
    }

    // Every step is exact for integers below 2^53, so this equals the scalar conversion bit for bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Scale(Vector512<ulong> words)
    {
        Vector512<ulong> integer = words >>> 11;
        Vector512<double> high = ((integer >>> 32) | Vector512.Create(HighMagic)).AsDouble();
        Vector512<double> low = ((integer & Vector512.Create(0xFFFFFFFFUL)) | Vector512.Create(LowMagic)).AsDouble();
        return ((high - Vector512.Create(BothMagic)) + low) * Step;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Scale(Vector256<ulong> words)
    {
        Vector256<ulong> integer = words >>> 11;
        Vector256<double> high = ((integer >>> 32) | Vector256.Create(HighMagic)).AsDouble();
        Vector256<double> low = ((integer & Vector256.Create(0xFFFFFFFFUL)) | Vector256.Create(LowMagic)).AsDouble();
        return ((high - Vector256.Create(BothMagic)) + low) * Step;
    }
}
