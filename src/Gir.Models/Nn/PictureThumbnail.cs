using Gir.Imaging;
using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>
/// A whole picture as a small square: cell i holds the rows floor(i h / s) to ceil((i + 1) h / s), columns likewise (torch's adaptive average pooling). The
/// aspect is not kept. First come the means of all channels, then the standard deviations: a mean alone does not tell a gray wall from haze, under which
/// nothing is left that is dark.
/// </summary>
internal static class PictureThumbnail
{
    // Below a quarter of a level a deviation says nothing; the root has a slope there, too.
    private const double LeastVariance = 1e-6;

    /// <summary>The planes of the thumbnail of a picture of so many channels.</summary>
    public static int Planes(int channels) => 2 * channels;

    /// <summary>Writes a picture's thumbnail, plane by plane.</summary>
    /// <param name="picture">The picture, C x H x W.</param>
    /// <param name="size">Height and width of the thumbnail.</param>
    /// <param name="target">2 C x size x size samples.</param>
    public static void Write(ImageBuffer picture, int size, Span<float> target)
    {
        Span<float> deviations = target[(picture.Channels * size * size)..];
        for (int c = 0; c < picture.Channels; c++)
        {
            for (int i = 0; i < size; i++)
            {
                (int top, int bottom) = Cell(i, picture.Height, size);
                for (int j = 0; j < size; j++)
                {
                    (int left, int right) = Cell(j, picture.Width, size);
                    (double sum, double squares) = (0, 0);
                    for (int y = top; y < bottom; y++)
                    {
                        foreach (float sample in picture.Row(c, y)[left..right])
                        {
                            sum += sample;
                            squares += (double)sample * sample;
                        }
                    }

                    double count = (double)(bottom - top) * (right - left);
                    double mean = sum / count;
                    int cell = (((c * size) + i) * size) + j;
                    target[cell] = (float)mean;
                    deviations[cell] = (float)Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)) + LeastVariance);
                }
            }
        }
    }

    /// <summary>The thumbnails of pictures, [n, c, h, w] to [n, 2 c, size, size]; differentiable.</summary>
    public static Tensor Of(Tensor pictures, int size)
    {
        Tensor rows = Means(pictures.Shape[2], size, pictures.Backend);
        Tensor columns = Means(pictures.Shape[3], size, pictures.Backend);
        Tensor means = Pool(pictures);
        Tensor variances = (Pool(pictures.Square()) - means.Square()).Relu();
        return TensorOps.Concatenate(1, means, (variances + (float)LeastVariance).Sqrt());

        Tensor Pool(Tensor x) => rows.MatMul(x.MatMulTransposed(columns));
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
