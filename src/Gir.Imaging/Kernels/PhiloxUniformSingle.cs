using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Random;

namespace Gir.Imaging.Kernels;

/// <summary>Four float32 uniforms per Philox block: the upper 24 bits of a word times 2^-24.</summary>
internal readonly struct PhiloxUniformSingle : IPhiloxForm<float>
{
    private const float Step = 1f / (1 << 24);

    public static int PerBlock => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<uint> words) => Vector512.ConvertToSingle((words >>> 8).AsInt32()) * Step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<uint> words) => Vector256.ConvertToSingle((words >>> 8).AsInt32()) * Step;

    public static void Write(PhiloxBlock block, Span<float> destination)
    {
        destination[0] = (int)(block.X0 >> 8) * Step;
        destination[1] = (int)(block.X1 >> 8) * Step;
        destination[2] = (int)(block.X2 >> 8) * Step;
        destination[3] = (int)(block.X3 >> 8) * Step;
    }
}
