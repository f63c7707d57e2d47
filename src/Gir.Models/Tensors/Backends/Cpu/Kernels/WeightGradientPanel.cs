using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Turns a row of pixels of up to 8 channels pixel-major: to[i pitch + c] = from[c stride + i], 0 for absent channels and pixels. Writes whole
/// groups of 16 pixels, so up to 15 beyond the last. Lane layout: lane = pixel in, channel out. Needs AVX-512. Aliasing: none.
/// </summary>
internal static unsafe class WeightGradientPanel
{
    /// <summary>Channels turned at once.</summary>
    public const int Channels = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, nint stride, int channels, int pixels, float* to, nint pitch)
    {
        for (int i = 0; i < pixels; i += 16, from += 16, to += 16 * pitch)
        {
            V mask = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(pixels - i)).AsSingle();
            V r0 = Load(from, 0, stride, channels, mask), r1 = Load(from, 1, stride, channels, mask);
            V r2 = Load(from, 2, stride, channels, mask), r3 = Load(from, 3, stride, channels, mask);
            V r4 = Load(from, 4, stride, channels, mask), r5 = Load(from, 5, stride, channels, mask);
            V r6 = Load(from, 6, stride, channels, mask), r7 = Load(from, 7, stride, channels, mask);
            V a0 = Avx512F.UnpackLow(r0, r1), a1 = Avx512F.UnpackHigh(r0, r1), a2 = Avx512F.UnpackLow(r2, r3), a3 = Avx512F.UnpackHigh(r2, r3);
            V a4 = Avx512F.UnpackLow(r4, r5), a5 = Avx512F.UnpackHigh(r4, r5), a6 = Avx512F.UnpackLow(r6, r7), a7 = Avx512F.UnpackHigh(r6, r7);
            // Quarter q of each result holds pixel 4 q + m.
            Store(Low(a0, a2), Low(a4, a6), to, pitch);
            Store(High(a0, a2), High(a4, a6), to + pitch, pitch);
            Store(Low(a1, a3), Low(a5, a7), to + (2 * pitch), pitch);
            Store(High(a1, a3), High(a5, a7), to + (3 * pitch), pitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(float* from, int channel, nint stride, int channels, V mask) =>
        channel < channels ? Avx512F.MaskLoad(from + (channel * stride), mask, V.Zero) : V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Low(V a, V b) => Avx512F.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V High(V a, V b) => Avx512F.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V low, V high, float* to, nint pitch)
    {
        V x = Avx512F.Shuffle4x128(low, high, 0x44), y = Avx512F.Shuffle4x128(low, high, 0xEE);
        x = Avx512F.Shuffle4x128(x, x, 0xD8);
        y = Avx512F.Shuffle4x128(y, y, 0xD8);
        x.GetLower().Store(to);
        x.GetUpper().Store(to + (4 * pitch));
        y.GetLower().Store(to + (8 * pitch));
        y.GetUpper().Store(to + (12 * pitch));
    }
}
