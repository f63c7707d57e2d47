using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Gir.Imaging.Random;

namespace Gir.Imaging.Kernels;

/// <summary>Philox blocks as they are: four words each. Writes only its destination.</summary>
internal readonly struct PhiloxUInt32 : IPhiloxFill<uint>
{
    public static int PerBlock => 4;

    public static void Fill(Span<uint> destination, ulong seed, uint stream, ulong firstBlock)
    {
        ref uint d = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i <= destination.Length - 64; i += 64)
            {
                PhiloxRounds.Run512(firstBlock + ((ulong)i / 4), stream, seed, out Words512 a, out Words512 b);
                a.InOrder(out Vector512<uint> v0, out Vector512<uint> v1);
                b.InOrder(out Vector512<uint> v2, out Vector512<uint> v3);
                v0.StoreUnsafe(ref d, (nuint)i);
                v1.StoreUnsafe(ref d, (nuint)i + 16);
                v2.StoreUnsafe(ref d, (nuint)i + 32);
                v3.StoreUnsafe(ref d, (nuint)i + 48);
            }
        }

        if (Avx2.IsSupported)
        {
            for (; i <= destination.Length - 32; i += 32)
            {
                PhiloxRounds.Run256(firstBlock + ((ulong)i / 4), stream, seed, out Words256 a, out Words256 b);
                a.InOrder(out Vector256<uint> v0, out Vector256<uint> v1);
                b.InOrder(out Vector256<uint> v2, out Vector256<uint> v3);
                v0.StoreUnsafe(ref d, (nuint)i);
                v1.StoreUnsafe(ref d, (nuint)i + 8);
                v2.StoreUnsafe(ref d, (nuint)i + 16);
                v3.StoreUnsafe(ref d, (nuint)i + 24);
            }
        }

        FillScalar(destination[i..], seed, stream, firstBlock + ((ulong)i / 4));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void FillScalar(Span<uint> destination, ulong seed, uint stream, ulong firstBlock)
    {
        for (int i = 0; i + 4 <= destination.Length; i += 4)
        {
            PhiloxBlock block = Philox4x32.Block(seed, stream, firstBlock + ((ulong)i / 4));
            destination[i] = block.X0;
            destination[i + 1] = block.X1;
            destination[i + 2] = block.X2;
            destination[i + 3] = block.X3;
        }
    }
}
