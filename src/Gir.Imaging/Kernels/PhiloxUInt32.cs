using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Random;

namespace Gir.Imaging.Kernels;

/// <summary>Philox blocks as they are: four words each.</summary>
internal readonly struct PhiloxUInt32 : IPhiloxForm<uint>
{
    public static int PerBlock => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Of(Vector512<uint> words) => words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Of(Vector256<uint> words) => words;

    public static void Write(PhiloxBlock block, Span<uint> destination)
    {
        destination[0] = block.X0;
        destination[1] = block.X1;
        destination[2] = block.X2;
        destination[3] = block.X3;
    }
}
