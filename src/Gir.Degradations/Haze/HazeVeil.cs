using System.Buffers;
using Gir.Degradations.Kernels;
using Gir.Imaging;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Haze;

/// <summary>Snow cover, if any, and the haze veil over it, row by row while the row is in the first-level cache.</summary>
internal static class HazeVeil
{
    /// <summary>Veils an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="depth">1 x H x W.</param>
    /// <param name="snow">Opacity of white snow laid over the image first, 1 x H x W; null: none.</param>
    /// <param name="airlight">A.</param>
    /// <param name="beta">Beta.</param>
    /// <param name="context">Threads and cancellation.</param>
    public static ImageBuffer Apply(ImageBuffer image, ImageBuffer depth, ImageBuffer? snow, float airlight, float beta, DegradationContext context)
    {
        ImageBuffer result = Uninitialized.Like(image);
        context.Parallelism.For(image.Height, 32, new RowBody(image, depth, snow, result, airlight, beta), context.CancellationToken);
        return result;
    }

    private readonly struct RowBody(ImageBuffer image, ImageBuffer depth, ImageBuffer? snow, ImageBuffer result, float airlight, float beta)
        : IRangeBody
    {
        private const float White = 1f;

        public void Invoke(int start, int end)
        {
            float[] scratch = ArrayPool<float>.Shared.Rent(image.Width);
            Span<float> transmission = scratch.AsSpan(0, image.Width);
            for (int y = start; y < end; y++)
            {
                RowMap.Invoke(depth.Row(0, y), transmission, new Transmission(beta));
                for (int c = 0; c < image.Channels; c++)
                {
                    Span<float> row = result.Row(c, y);
                    if (snow is null)
                    {
                        RowMap.Invoke(image.Row(c, y), transmission, row, new Veil(airlight));
                        continue;
                    }

                    RowMap.Invoke(image.Row(c, y), snow.Row(0, y), row, new Cover(White));
                    RowMap.Invoke(row, transmission, row, new Veil(airlight));
                }
            }

            ArrayPool<float>.Shared.Return(scratch);
        }
    }
}
