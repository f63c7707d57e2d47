using System.Buffers;
using Gir.Imaging.Codecs.Jpeg;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs;

/// <summary>The floating-point approximation of JPEG that is used where degradations are synthesized in a network's own arithmetic.</summary>
/// <remarks>
/// As BasicSR's <c>DiffJPEG</c> (after Shin and Song, "JPEG-resistant adversarial images", 2017) with ordinary rounding: YCbCr unrounded, 2 x 2 mean chroma,
/// black padding right and below to multiples of 16, quantizer steps table * factor neither rounded nor kept above 1, chroma repeated 2 x 2, result
/// clamped and not rounded. The factor is 50 / quality below 50, else 2 - quality / 50. BasicSR transposes the tables of Annex K (the luma table is
/// not symmetric), and so does this.
/// </remarks>
public static class DiffJpeg
{
    private const int McuSize = 16;

    /// <summary>Compresses and decompresses an image.</summary>
    /// <param name="image">1 channel (luma coding alone) or 3 (RGB), nominal range [0, 1]; used as it is, neither clamped nor rounded.</param>
    /// <param name="quality">Above 0 and below 100; need not be whole.</param>
    /// <param name="parallelism">Threads to use; the result does not depend on it.</param>
    /// <returns>A new image of the same shape, in [0, 1].</returns>
    /// <exception cref="ArgumentException"><paramref name="image"/> has neither 1 nor 3 channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is not inside (0, 100): at 100 every step would be 0.</exception>
    public static ImageBuffer Apply(ImageBuffer image, double quality, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        JpegArguments.CheckChannels(image, nameof(image));
        if (!(quality > 0 && quality < 100))
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "Expected a quality above 0 and below 100.");

        float factor = (float)((quality < 50 ? 5000 / quality : 200 - (quality * 2)) / 100);
        ImageBuffer result = ImagePool.Rent(image.Channels, image.Height, image.Width);
        int mcuRows = (image.Height + McuSize - 1) / McuSize;
        parallelism.For(mcuRows, 2, new Worker(image, result, Steps(chroma: false, factor), Steps(chroma: true, factor)));
        return result;
    }

    private static float[] Steps(bool chroma, float factor)
    {
        ReadOnlySpan<byte> table = JpegTables.AnnexK(chroma);
        var steps = new float[JpegTables.BlockLength];
        for (int i = 0; i < steps.Length; i++)
            steps[i] = table[((i & 7) * 8) + (i >> 3)] * factor;
        return steps;
    }

    private readonly struct Worker(ImageBuffer image, ImageBuffer result, float[] lumaSteps, float[] chromaSteps) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int width = (image.Width + McuSize - 1) / McuSize * McuSize;
            float[] memory = ArrayPool<float>.Shared.Rent(McuSize * width * 3);
            Span<float> luma = memory.AsSpan(0, McuSize * width);
            Span<float> blueness = memory.AsSpan(McuSize * width, McuSize * width);
            Span<float> redness = memory.AsSpan(2 * McuSize * width, McuSize * width);
            for (int mcuRow = start; mcuRow < end; mcuRow++)
            {
                Load(mcuRow, width, luma, blueness, redness);
                Code(luma, width, McuSize, width, lumaSteps);
                if (image.Channels == 3)
                {
                    CodeChroma(blueness, width);
                    CodeChroma(redness, width);
                }

                Store(mcuRow, width, luma, blueness, redness);
            }

            ArrayPool<float>.Shared.Return(memory);
        }

        private static void Code(Span<float> plane, int stride, int height, int width, float[] steps)
        {
            for (int y = 0; y < height; y += 8)
            {
                for (int x = 0; x < width; x += 8)
                    JpegFloatBlock.Code(plane[((y * stride) + x)..], stride, steps);
            }
        }

        private void CodeChroma(Span<float> plane, int width)
        {
            // The means take the left half of the upper rows, where nothing unread is overwritten.
            for (int y = 0; y < McuSize / 2; y++)
            {
                Span<float> upper = plane.Slice(2 * y * width, width);
                Span<float> lower = plane.Slice(((2 * y) + 1) * width, width);
                Span<float> mean = plane.Slice(y * width, width / 2);
                for (int x = 0; x < mean.Length; x++)
                    mean[x] = (upper[2 * x] + upper[(2 * x) + 1] + lower[2 * x] + lower[(2 * x) + 1]) * 0.25f;
            }

            Code(plane, width, McuSize / 2, width / 2, chromaSteps);
            for (int y = (McuSize / 2) - 1; y >= 0; y--)
            {
                Span<float> mean = plane.Slice(y * width, width / 2);
                Span<float> lower = plane.Slice(((2 * y) + 1) * width, width);
                for (int x = mean.Length - 1; x >= 0; x--)
                    lower[2 * x] = lower[(2 * x) + 1] = mean[x];
                lower.CopyTo(plane[(2 * y * width)..]);
            }
        }

        private void Load(int mcuRow, int width, Span<float> luma, Span<float> blueness, Span<float> redness)
        {
            for (int i = 0; i < McuSize; i++)
            {
                int y = (mcuRow * McuSize) + i;
                Span<float> row = luma.Slice(i * width, width);
                int filled = y < image.Height ? image.Width : 0;
                row[filled..].Fill(-128f);
                if (image.Channels == 3)
                {
                    blueness.Slice((i * width) + filled, width - filled).Clear();
                    redness.Slice((i * width) + filled, width - filled).Clear();
                }

                if (filled == 0)
                    continue;
                if (image.Channels == 3)
                {
                    JpegFloatColor.Forward(
                        image.Row(0, y), image.Row(1, y), image.Row(2, y), row, blueness.Slice(i * width, width), redness.Slice(i * width, width));
                }
                else
                {
                    ReadOnlySpan<float> source = image.Row(0, y);
                    for (int x = 0; x < source.Length; x++)
                        row[x] = (source[x] * 255f) - 128f;
                }
            }
        }

        private void Store(int mcuRow, int width, ReadOnlySpan<float> luma, ReadOnlySpan<float> blueness, ReadOnlySpan<float> redness)
        {
            int end = Math.Min((mcuRow + 1) * McuSize, image.Height);
            for (int y = mcuRow * McuSize; y < end; y++)
            {
                int at = (y - (mcuRow * McuSize)) * width;
                ReadOnlySpan<float> row = luma.Slice(at, width);
                if (image.Channels == 3)
                {
                    JpegFloatColor.Inverse(
                        row, blueness.Slice(at, width), redness.Slice(at, width), result.Row(0, y), result.Row(1, y), result.Row(2, y));
                }
                else
                {
                    Span<float> target = result.Row(0, y);
                    for (int x = 0; x < target.Length; x++)
                        target[x] = JpegFloatColor.ToSample(row[x] + 128f);
                }
            }
        }
    }
}
