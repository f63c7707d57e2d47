using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// A square window of an image of tokens, some channels of which move between the image and a matrix [size^2, d]. Positions beyond the image are those
/// of the opposite side, or zero. Aliasing: none. Lane layout: lane = channel.
/// </summary>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
/// <param name="top">First row of the window.</param>
/// <param name="left">First column of the window.</param>
/// <param name="size">Side of the window.</param>
internal readonly unsafe struct TokenWindow(int height, int width, int top, int left, int size)
{
    /// <summary>to[i pitch + e] = image[token i, e] for e of 0..d-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(float* image, int imagePitch, int d, float* to, int pitch, bool wraps)
    {
        for (int i = 0; i < size; i++)
        {
            int row = top + i;
            if (wraps)
                row = Wrapped(row, height);
            for (int j = 0; j < size; j++, to += pitch)
            {
                int column = left + j;
                if (wraps)
                    column = Wrapped(column, width);
                if ((uint)row < (uint)height && (uint)column < (uint)width)
                    Move(image + ((((long)row * width) + column) * imagePitch), to, d);
                else
                    new Span<float>(to, d).Clear();
            }
        }
    }

    /// <summary>image[token i, e] = from[i pitch + e] for e of 0..d-1; the window wraps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter(float* from, int pitch, int d, float* image, int imagePitch)
    {
        for (int i = 0; i < size; i++)
        {
            long row = Wrapped(top + i, height);
            for (int j = 0; j < size; j++, from += pitch)
                Move(from, image + (((row * width) + Wrapped(left + j, width)) * imagePitch), d);
        }
    }

    private static int Wrapped(int position, int length) => position >= length ? position - length : position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(float* from, float* to, int d)
    {
        int e = 0;
        for (; e <= d - 16; e += 16)
            Vector512.Load(from + e).Store(to + e);
        if (e == d)
            return;
        if (Avx512F.IsSupported)
        {
            Vector512<float> mask = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(d - e)).AsSingle();
            Avx512F.MaskStore(to + e, mask, Avx512F.MaskLoad(from + e, mask, Vector512<float>.Zero));
            return;
        }

        for (; e < d; e++)
            to[e] = from[e];
    }
}
