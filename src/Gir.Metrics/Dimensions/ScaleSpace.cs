using Gir.Imaging;
using Gir.Imaging.Filtering;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Dimensions;

/// <summary>The luma of an image in 0..1 after Gaussians of sigma 0, 1, 2 and 4, in pooled memory.</summary>
internal sealed class ScaleSpace : IDisposable
{
    /// <summary>Scales, the luma itself included.</summary>
    public const int Count = 4;

    private static readonly FilterKernel[] s_gaussians = [Gaussian(1), Gaussian(2), Gaussian(4)];
    private static readonly FilterKernel s_edges = Gaussian(0.7);
    private static readonly MatrixRow s_luma = new(0.299f, 0.587f, 0.114f, 0);
    private readonly ImageBuffer[] _planes = new ImageBuffer[Count];

    public ScaleSpace(ImageBuffer image, int crop, Parallelism parallelism)
    {
        (int height, int width) = (image.Height - (2 * crop), image.Width - (2 * crop));
        for (int i = 0; i < Count; i++)
            _planes[i] = ImagePool.Rent(1, height, width);
        parallelism.For(height, 64, new Luma(image, crop, _planes[0]));
        for (int i = 1; i < Count; i++)
            ImageFilter.Correlate(_planes[0], s_gaussians[i - 1], _planes[i], PadMode.Symmetric, parallelism);
    }

    /// <summary>The plane of a scale, from fine to coarse.</summary>
    public ImageBuffer this[int scale] => _planes[scale];

    /// <summary>Replaces the plane of sigma 1 by the one that edges are measured on, of sigma 0.7, and hands it out.</summary>
    public ImageBuffer ToEdges(Parallelism parallelism)
    {
        ImageFilter.Correlate(_planes[0], s_edges, _planes[1], PadMode.Symmetric, parallelism);
        return _planes[1];
    }

    public void Dispose()
    {
        foreach (ImageBuffer plane in _planes)
            ImagePool.Return(plane);
    }

    private static FilterKernel Gaussian(double sigma) => FilterKernel.Gaussian((2 * (int)Math.Round(4 * sigma)) + 1, sigma);

    private readonly struct Luma(ImageBuffer image, int crop, ImageBuffer plane) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
            {
                if (image.Channels == 1)
                    Samples(0, y).CopyTo(plane.Row(0, y));
                else
                    WeightedSum.Run(Samples(0, y), Samples(1, y), Samples(2, y), s_luma, plane.Row(0, y));
            }
        }

        private ReadOnlySpan<float> Samples(int channel, int y) => image.Row(channel, y + crop).Slice(crop, plane.Width);
    }
}
