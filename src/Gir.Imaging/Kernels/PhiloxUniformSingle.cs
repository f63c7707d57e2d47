using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Gir.Imaging.Random;

namespace Gir.Imaging.Kernels;

/// <summary>Four float32 uniforms per Philox block: the upper 24 bits of a word times 2^-24. Writes only its destination.</summary>
internal readonly struct PhiloxUniformSingle : IPhiloxFill<float>
{
    private const float Step = 1f / (1 << 24);

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
                a.InOrder(out Vector512<uint> v0, out Vector512<uint> v1);
                b.InOrder(out Vector512<uint> v2, out Vector512<uint> v3);
                Scale(v0).StoreUnsafe(ref d, (nuint)i);
                Scale(v1).StoreUnsafe(ref d, (nuint)i + 16);
                Scale(v2).StoreUnsafe(ref d, (nuint)i + 32);
                Scale(v3).StoreUnsafe(ref d, (nuint)i + 48);
            }
        }

        if (Avx2.IsSupported)
        {
            for (; i <= destination.Length - 32; i += 32)
            {
                PhiloxRounds.Run256(firstBlock + ((ulong)i / 4), stream, seed, out Words256 a, out Words256 b);
                a.InOrder(out Vector256<uint> v0, out Vector256<uint> v1);
                b.InOrder(out Vector256<uint> v2, out Vector256<uint> v3);
                Scale(v0).StoreUnsafe(ref d, (nuint)i);
                Scale(v1).StoreUnsafe(ref d, (nuint)i + 8);
                Scale(v2).StoreUnsafe(ref d, (nuint)i + 16);
                Scale(v3).StoreUnsafe(ref d, (nuint)i + 24);
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
            destination[i] = (int)(block.X0 >> 8) * Step;
            destination[i + 1] = (int)(block.X1 >> 8) * Step;
            destination[i + 2] = (int)(block.X2 >> 8) * Step;
            destination[i + 3] = (int)(block.X3 >> 8) * Step;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scale(Vector512<uint> words) => Vector512.ConvertToSingle((words >>> 8).AsInt32()) * Step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scale(Vector256<uint> words) => Vector256.ConvertToSingle((words >>> 8).AsInt32()) * Step;
}
