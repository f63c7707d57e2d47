using Gir.Imaging.Codecs.Jpeg;

namespace Gir.Imaging.Codecs;

/// <summary>JPEG compression followed by decompression, without the entropy coding in between (it is lossless).</summary>
/// <remarks>
/// Equal, sample for sample, to writing and reading a baseline file with libjpeg-turbo as OpenCV and Pillow do by default: integer "islow" transforms,
/// triangle-filter chroma upsampling, Annex K tables (ITU-T T.81) scaled by quality.
/// </remarks>
public static class JpegRoundTrip
{
    /// <summary>Compresses and decompresses an image.</summary>
    /// <param name="image">1 channel (gray) or 3 (RGB), nominal range [0, 1]; samples are first clamped and rounded half to even to 8 bits.</param>
    /// <param name="quality">1..100; values outside are clamped, as libjpeg does.</param>
    /// <param name="subsampling">Chroma resolution; without effect on gray images.</param>
    /// <param name="parallelism">Threads to use; the result does not depend on it.</param>
    /// <returns>A new image of the same shape; every sample is level / 255f of an 8-bit level.</returns>
    /// <exception cref="ArgumentException"><paramref name="image"/> has neither 1 nor 3 channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="subsampling"/> is not a defined value.</exception>
    public static ImageBuffer Apply(
        ImageBuffer image, int quality, ChromaSubsampling subsampling = ChromaSubsampling.Chroma420, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        JpegArguments.CheckChannels(image, nameof(image));
        JpegArguments.CheckSubsampling(subsampling, nameof(subsampling));
        quality = Math.Clamp(quality, 1, 100);

        var luma = JpegQuantizer.FromQuality(quality, chroma: false);
        JpegQuantizer chroma = image.Channels == 1 ? luma : JpegQuantizer.FromQuality(quality, chroma: true);
        ImageBuffer result = ImagePool.Rent(image.Channels, image.Height, image.Width);
        int mcuHeight = image.Channels == 3 && subsampling == ChromaSubsampling.Chroma420 ? 16 : 8;
        int mcuRows = (image.Height + mcuHeight - 1) / mcuHeight;
        parallelism.For(mcuRows, 4, new Worker(image, result, subsampling, luma, chroma));
        return result;
    }

    private readonly struct Worker(
        ImageBuffer image, ImageBuffer result, ChromaSubsampling subsampling, JpegQuantizer luma, JpegQuantizer chroma) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            using var sampler = new JpegSampler(image, subsampling);
            JpegLayout layout = sampler.Layout;
            using var renderer = new JpegRenderer(layout, image.Channels == 1 ? JpegColorModel.Gray : JpegColorModel.YCbCr);
            JpegPlane[] planes = Array.ConvertAll(layout.Components, c => new JpegPlane(c, 3));
            try
            {
                // Vertical upsampling reads one row of the MCUs above and below.
                int reach = renderer.NeedsNeighbors ? 1 : 0;
                int next = Math.Max(start - reach, 0);
                for (int row = start; row < end; row++)
                {
                    for (; next <= Math.Min(row + reach, layout.McuRows - 1); next++)
                        Code(next, sampler, planes);
                    renderer.Render(row, planes, result);
                }
            }
            finally
            {
                foreach (JpegPlane plane in planes)
                    plane.Dispose();
            }
        }

        private void Code(int mcuRow, JpegSampler sampler, JpegPlane[] planes)
        {
            sampler.Load(mcuRow, planes);
            for (int c = 0; c < planes.Length; c++)
            {
                JpegLayout.Component component = sampler.Layout.Components[c];
                JpegQuantizer quantizer = c == 0 ? luma : chroma;
                for (int v = 0; v < component.V; v++)
                {
                    Span<short> blocks = planes[c].BlockRow((mcuRow * component.V) + v);
                    quantizer.Forward(blocks, component.Stride, component.PaddedBlockColumns);
                    quantizer.Inverse(blocks, component.Stride, component.PaddedBlockColumns);
                }
            }
        }
    }
}
