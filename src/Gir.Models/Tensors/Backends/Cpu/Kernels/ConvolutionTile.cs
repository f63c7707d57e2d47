using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>Moves a small tile between scratch and an image whose columns may be some steps apart. Aliasing: none. Lane layout: lane = column.</summary>
internal static unsafe class ConvolutionTile
{
    /// <summary>tile[i, j] = image[i, j every].</summary>
    public static void Read(float* image, nint imagePitch, int every, int rows, int columns, float* tile, int tilePitch)
    {
        for (int i = 0; i < rows; i++, image += imagePitch, tile += tilePitch)
        {
            for (int j = 0; j < columns; j++)
                tile[j] = image[(nint)j * every];
        }
    }

    /// <summary>image[i, j every] = tile[i, j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(float* tile, int tilePitch, float* image, nint imagePitch, int every, int rows, int columns)
    {
        for (int i = 0; i < rows; i++, image += imagePitch, tile += tilePitch)
        {
            if (every == 1)
            {
                new Span<float>(tile, columns).CopyTo(new Span<float>(image, columns));
                continue;
            }

            int j = 0;
            if (every == 2 && Avx512F.IsSupported)
            {
                for (; j < columns; j += 16)
                {
                    Vector512<float> pixels = Vector512.Load(tile + j);
                    Spread(pixels, 0, image + (2 * j), columns - j);
                    Spread(pixels, 8, image + (2 * j) + 16, columns - j);
                }
            }

            for (; j < columns; j++)
                image[(nint)j * every] = tile[j];
        }
    }

    // Eight lanes from the first one on, to every second pixel.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(Vector512<float> pixels, int first, float* image, int columns)
    {
        Vector512<int> lane = Vector512.Create(first) + (Vector512<int>.Indices >> 1);
        Vector512<int> even = Vector512.Equals(Vector512<int>.Indices & Vector512<int>.One, Vector512<int>.Zero);
        Avx512F.MaskStore(image, (even & Vector512.LessThan(lane, Vector512.Create(columns))).AsSingle(), Avx512F.PermuteVar16x32(pixels, lane));
    }
}
