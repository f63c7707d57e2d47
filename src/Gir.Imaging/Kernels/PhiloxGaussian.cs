using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Gir.Imaging.Random;

namespace Gir.Imaging.Kernels;

/// <summary>
/// Four standard normals per Philox block: the cosine and sine branch of words 0 (radius) and 1 (angle), then of words 2 and 3.
/// Writes only its destination.
/// </summary>
/// <remarks>
/// Lane layout: words 0 and 2 of a block are neighboring 32-bit lanes, and so are the results made of them; unpacking cosines with
/// sines gives c0 s0 c2 s2 of one block per 128-bit lane, which is memory order (see <see cref="PhiloxRounds"/>).
/// </remarks>
internal readonly struct PhiloxGaussian : IPhiloxFill<float>
{
    public static int PerBlock => 4;

    public static void Fill(Span<float> destination, ulong seed, uint stream, ulong firstBlock)
    {
        ref float d = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i <= destination.Length - 64; i += 64)
            {
                PhiloxRounds.Run512(firstBlock + ((ulong)i / 4), stream, seed, out Words512 a, out Words512 b);
                BoxMuller.Transform(a.Words02, a.Words13, out Vector512<float> c, out Vector512<float> s);
                Avx512F.UnpackLow(c, s).StoreUnsafe(ref d, (nuint)i);
                Avx512F.UnpackHigh(c, s).StoreUnsafe(ref d, (nuint)i + 16);
                BoxMuller.Transform(b.Words02, b.Words13, out c, out s);
                Avx512F.UnpackLow(c, s).StoreUnsafe(ref d, (nuint)i + 32);
                Avx512F.UnpackHigh(c, s).StoreUnsafe(ref d, (nuint)i + 48);
            }
        }

        if (Avx2.IsSupported)
        {
            for (; i <= destination.Length - 32; i += 32)
            {
                PhiloxRounds.Run256(firstBlock + ((ulong)i / 4), stream, seed, out Words256 a, out Words256 b);
                BoxMuller.Transform(a.Words02, a.Words13, out Vector256<float> c, out Vector256<float> s);
                Avx.UnpackLow(c, s).StoreUnsafe(ref d, (nuint)i);
                Avx.UnpackHigh(c, s).StoreUnsafe(ref d, (nuint)i + 8);
                BoxMuller.Transform(b.Words02, b.Words13, out c, out s);
                Avx.UnpackLow(c, s).StoreUnsafe(ref d, (nuint)i + 16);
                Avx.UnpackHigh(c, s).StoreUnsafe(ref d, (nuint)i + 24);
            }
        }

        FillScalar(destination[i..], seed, stream, firstBlock + ((ulong)i / 4));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void FillScalar(Span<float> destination, ulong seed, uint stream, ulong firstBlock)
    {
        for (int i = 0; i + 4 <= destination.Length; i += 4)
        {
            PhiloxBlock block = Philox4x32.Block(seed, stream, firstBlock + ((ulong)i / 4));
            BoxMuller.Transform(block.X0, block.X1, out destination[i], out destination[i + 1]);
            BoxMuller.Transform(block.X2, block.X3, out destination[i + 2], out destination[i + 3]);
        }
    }
}
