using System.Runtime.CompilerServices;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>Moves a small tile between scratch and an image whose columns may be some steps apart. Aliasing: none.</summary>
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

            for (int j = 0; j < columns; j++)
                image[(nint)j * every] = tile[j];
        }
    }
}
