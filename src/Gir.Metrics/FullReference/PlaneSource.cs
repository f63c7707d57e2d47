using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>A plane to read levels from: one channel of an image, cropped, or a plane of doubles.</summary>
internal readonly struct PlaneSource
{
    private readonly float[]? _samples;
    private readonly double[]? _levels;
    private readonly int _offset;
    private readonly int _stride;

    public PlaneSource(ImageBuffer image, int channel, int crop)
    {
        _samples = image.Array;
        _offset = (((channel * image.Height) + crop) * image.Width) + crop;
        _stride = image.Width;
        Height = image.Height - (2 * crop);
        Width = image.Width - (2 * crop);
    }

    public PlaneSource(LevelPlane plane)
    {
        _levels = plane.Data;
        _stride = plane.Width;
        Height = plane.Height;
        Width = plane.Width;
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Copies levels of one row from column <paramref name="x"/> on.</summary>
    public void CopyLevels(int y, int x, Span<double> target)
    {
        int start = _offset + (y * _stride) + x;
        if (_samples is not null)
            GrayConversion.Single(_samples.AsSpan(start, target.Length), target, MetricColor.Rgb);
        else
            _levels.AsSpan(start, target.Length).CopyTo(target);
    }
}
