using Gir.Imaging;
using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>
/// A whole picture as a small square: cell i is the mean of the rows floor(i h / s) to ceil((i + 1) h / s), columns likewise (torch's
/// adaptive average pooling). The aspect is not kept.
/// </summary>
internal static class PictureThumbnail
{
    /// <summary>Writes a picture's thumbnail, plane by plane.</summary>
    /// <param name="picture">The picture, C x H x W.</param>
    /// <param name="size">Height and width of the thumbnail.</param>
    /// <param name="target">C x size x size samples.</param>
    public static void Write(ImageBuffer picture, int size, Span<float> target)
    {
        for (int c = 0; c < picture.Channels; c++)
        {
            for (int i = 0; i < size; i++)
            {
                (int top, int bottom) = Cell(i, picture.Height, size);
                for (int j = 0; j < size; j++)
                {
                    (int left, int right) = Cell(j, picture.Width, size);
                    double sum = 0;
                    for (int y = top; y < bottom; y++)
                    {
                        foreach (float sample in picture.Row(c, y)[left..right])
                            sum += sample;
                    }

                    target[(((c * size) + i) * size) + j] = (float)(sum / ((bottom - top) * (right - left)));
                }
            }
        }
    }

    /// <summary>The thumbnails of pictures, [n, c, h, w] to [n, c, size, size]; differentiable.</summary>
    public static Tensor Of(Tensor pictures, int size)
    {
        Tensor rows = Means(pictures.Shape[2], size, pictures.Backend);
        Tensor columns = Means(pictures.Shape[3], size, pictures.Backend);
        return rows.MatMul(pictures.MatMulTransposed(columns));
    }

    private static (int Start, int End) Cell(int index, int length, int size) =>
        ((int)((long)index * length / size), (int)((((long)index + 1) * length + size - 1) / size));

    // [size, length]: each row holds the weights of one cell.
    private static Tensor Means(int length, int size, TensorBackend backend) =>
        EngineConstants.Of(backend, new MeansKey(length, size), [size, length], static key => Means(key.Length, key.Size));

    private static float[] Means(int length, int size)
    {
        var values = new float[size * length];
        for (int i = 0; i < size; i++)
        {
            (int start, int end) = Cell(i, length, size);
            values.AsSpan((i * length) + start, end - start).Fill(1f / (end - start));
        }

        return values;
    }

    private readonly record struct MeansKey(int Length, int Size);
}
