using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Gir.Imaging.Random;

namespace Gir.Imaging.Kernels;

/// <summary>What the words of Philox blocks become, in memory order.</summary>
internal interface IPhiloxForm<T>
    where T : unmanaged
{
    /// <summary>Elements made from one block.</summary>
    static abstract int PerBlock { get; }

    /// <summary>What consecutive words become.</summary>
    static abstract Vector512<T> Of(Vector512<uint> words);

    /// <inheritdoc cref="Of(Vector512{uint})"/>
    static abstract Vector256<T> Of(Vector256<uint> words);

    /// <summary>The scalar twin: what one block becomes.</summary>
    static abstract void Write(PhiloxBlock block, Span<T> destination);
}

/// <summary>Fills with the words of Philox blocks in some form. Writes only its destination.</summary>
internal readonly struct PhiloxWords<T, TForm> : IPhiloxFill<T>
    where T : unmanaged
    where TForm : struct, IPhiloxForm<T>
{
    public static int PerBlock => TForm.PerBlock;

    public static void Fill(Span<T> destination, ulong seed, uint stream, ulong firstBlock)
    {
        ref T d = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Avx512F.IsSupported)
        {
            int count = Vector512<T>.Count;
            for (; i <= destination.Length - (4 * count); i += 4 * count)
            {
                PhiloxRounds.Run512(firstBlock + (ulong)(i / TForm.PerBlock), stream, seed, out Words512 a, out Words512 b);
                a.InOrder(out Vector512<uint> v0, out Vector512<uint> v1);
                b.InOrder(out Vector512<uint> v2, out Vector512<uint> v3);
                TForm.Of(v0).StoreUnsafe(ref d, (nuint)i);
                TForm.Of(v1).StoreUnsafe(ref d, (nuint)(i + count));
                TForm.Of(v2).StoreUnsafe(ref d, (nuint)(i + (2 * count)));
                TForm.Of(v3).StoreUnsafe(ref d, (nuint)(i + (3 * count)));
            }
        }

        if (Avx2.IsSupported)
        {
            int count = Vector256<T>.Count;
            for (; i <= destination.Length - (4 * count); i += 4 * count)
            {
                PhiloxRounds.Run256(firstBlock + (ulong)(i / TForm.PerBlock), stream, seed, out Words256 a, out Words256 b);
                a.InOrder(out Vector256<uint> v0, out Vector256<uint> v1);
                b.InOrder(out Vector256<uint> v2, out Vector256<uint> v3);
                TForm.Of(v0).StoreUnsafe(ref d, (nuint)i);
                TForm.Of(v1).StoreUnsafe(ref d, (nuint)(i + count));
                TForm.Of(v2).StoreUnsafe(ref d, (nuint)(i + (2 * count)));
                TForm.Of(v3).StoreUnsafe(ref d, (nuint)(i + (3 * count)));
            }
        }

        FillScalar(destination[i..], seed, stream, firstBlock + (ulong)(i / TForm.PerBlock));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void FillScalar(Span<T> destination, ulong seed, uint stream, ulong firstBlock)
    {
        for (; destination.Length >= TForm.PerBlock; destination = destination[TForm.PerBlock..])
            TForm.Write(Philox4x32.Block(seed, stream, firstBlock++), destination);
    }
}
