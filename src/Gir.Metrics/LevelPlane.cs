using System.Buffers;
using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics;

/// <summary>One plane of levels (0..255) in double precision, in pooled memory.</summary>
internal sealed class LevelPlane : IDisposable
{
    private double[]? _data;

    public LevelPlane(int height, int width)
    {
        Height = height;
        Width = width;
        _data = ArrayPool<double>.Shared.Rent(checked(height * width));
    }

    public int Height { get; }

    public int Width { get; }

    public int Length => Height * Width;

    public double[] Data => _data ?? throw new ObjectDisposedException(nameof(LevelPlane));

    public Span<double> Values => Data.AsSpan(0, Length);

    /// <summary>The planes that a color convention makes of an image.</summary>
    public static int CountOf(ImageBuffer image, MetricColor color) => color == MetricColor.Rgb ? image.Channels : 1;

    /// <summary>Plane <paramref name="index"/> of an image under a color convention, without <paramref name="crop"/> pixels on every side.</summary>
    public static LevelPlane Of(ImageBuffer image, MetricColor color, int index, int crop, Parallelism parallelism)
    {
        var plane = new LevelPlane(image.Height - (2 * crop), image.Width - (2 * crop));
        parallelism.For(plane.Height, 64, new Conversion(image, color, index, crop, plane));
        return plane;
    }

    public Span<double> Row(int y) => Data.AsSpan(y * Width, Width);

    public void Dispose()
    {
        double[]? data = Interlocked.Exchange(ref _data, null);
        if (data is not null)
            ArrayPool<double>.Shared.Return(data);
    }

    private readonly struct Conversion(ImageBuffer image, MetricColor color, int index, int crop, LevelPlane plane) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            bool single = color == MetricColor.Rgb || image.Channels == 1;
            for (int y = start; y < end; y++)
            {
                Span<double> target = plane.Row(y);
                if (single)
                    GrayConversion.Single(Samples(index, y), target, color);
                else
                    GrayConversion.Mix(Samples(0, y), Samples(1, y), Samples(2, y), target, color);
            }
        }

        private ReadOnlySpan<float> Samples(int channel, int y) => image.Row(channel, y + crop).Slice(crop, plane.Width);
    }
}
