using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>
/// A crop, then its mirror image, then quarter turns: what augmentation does to where things are. Everything that belongs to a picture goes along: the clean image, its depth, masks, points
/// and boxes. Samples move unchanged, none is computed anew. Immutable and safe for concurrent use.
/// </summary>
/// <remarks>Points are (x, y) in pixels, the middle of the first pixel being (0, 0), right and down positive.</remarks>
public sealed record GeometricTransform
{
    private readonly (int Height, int Width) _source;

    /// <summary>Leaves images of a size as they are.</summary>
    /// <param name="sourceHeight">Height of the images that it takes, at least 1.</param>
    /// <param name="sourceWidth">Their width, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public GeometricTransform(int sourceHeight, int sourceWidth)
        : this(sourceHeight, sourceWidth, 0, 0, sourceHeight, sourceWidth)
    {
    }

    /// <summary>Cuts a rectangle out of images of a size.</summary>
    /// <param name="sourceHeight">Height of the images that it takes, at least 1.</param>
    /// <param name="sourceWidth">Their width, at least 1.</param>
    /// <param name="top">First row of the crop.</param>
    /// <param name="left">First column of the crop.</param>
    /// <param name="cropHeight">Rows of the crop, at least 1.</param>
    /// <param name="cropWidth">Columns of the crop, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the crop leaves the image.</exception>
    public GeometricTransform(int sourceHeight, int sourceWidth, int top, int left, int cropHeight, int cropWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceWidth, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        CheckSpan(top, cropHeight, sourceHeight, nameof(cropHeight));
        CheckSpan(left, cropWidth, sourceWidth, nameof(cropWidth));
        _source = (sourceHeight, sourceWidth);
        (Top, Left, CropHeight, CropWidth) = (top, left, cropHeight, cropWidth);
    }

    /// <summary>First row of the crop.</summary>
    public int Top { get; }

    /// <summary>First column of the crop.</summary>
    public int Left { get; }

    /// <summary>Rows of the crop.</summary>
    public int CropHeight { get; }

    /// <summary>Columns of the crop.</summary>
    public int CropWidth { get; }

    /// <summary>Whether left and right of the crop change places; default false.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>Quarter turns counter-clockwise, after the mirror, 0..3; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in 0..3.</exception>
    public int QuarterTurns
    {
        get;
        init => field = value is >= 0 and <= 3 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 0..3 quarter turns.");
    }

    /// <summary>Height of the images that it takes.</summary>
    public int SourceHeight => _source.Height;

    /// <summary>Width of the images that it takes.</summary>
    public int SourceWidth => _source.Width;

    /// <summary>Height of what it gives.</summary>
    public int Height => QuarterTurns % 2 == 0 ? CropHeight : CropWidth;

    /// <summary>Width of what it gives.</summary>
    public int Width => QuarterTurns % 2 == 0 ? CropWidth : CropHeight;

    /// <summary>Does it to an image, a mask or a depth map; the result is a new image.</summary>
    /// <param name="image">Any number of channels, of the size that the transform was made for.</param>
    /// <exception cref="DegradationException">The image has another size.</exception>
    public ImageBuffer Apply(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if ((image.Height, image.Width) != _source)
            throw new DegradationException($"The image is {image.Height} x {image.Width} (height x width), but the transform is one of {SourceHeight} x {SourceWidth}: expected the same size.");
        ImageBuffer result = image.Crop(Top, Left, CropHeight, CropWidth);
        if (IsMirrored)
            result = Next(result, result.FlipHorizontal());
        return QuarterTurns switch
        {
            1 => Next(result, result.Rotate90()),
            2 => Next(result, result.Rotate180()),
            3 => Next(result, result.Rotate270()),
            _ => result,
        };
    }

    /// <summary>Where a point goes; one that the crop leaves out lies outside of the result (<see cref="Holds"/>).</summary>
    /// <param name="x">Column, 0 in the middle of the first pixel.</param>
    /// <param name="y">Row, likewise.</param>
    public (double X, double Y) Apply(double x, double y)
    {
        (x, y) = (x - Left, y - Top);
        if (IsMirrored)
            x = CropWidth - 1 - x;
        return QuarterTurns switch
        {
            1 => (y, CropWidth - 1 - x),
            2 => (CropWidth - 1 - x, CropHeight - 1 - y),
            3 => (CropHeight - 1 - y, x),
            _ => (x, y),
        };
    }

    /// <summary>Where a point of the result came from: the other way of <see cref="Apply(double, double)"/>.</summary>
    /// <param name="x">Column of the result.</param>
    /// <param name="y">Row of the result.</param>
    public (double X, double Y) Undo(double x, double y)
    {
        (x, y) = QuarterTurns switch
        {
            1 => (CropWidth - 1 - y, x),
            2 => (CropWidth - 1 - x, CropHeight - 1 - y),
            3 => (y, CropHeight - 1 - x),
            _ => (x, y),
        };
        return ((IsMirrored ? CropWidth - 1 - x : x) + Left, y + Top);
    }

    /// <summary>Whether a point of the result lies on one of its pixels.</summary>
    /// <param name="x">Column of the result.</param>
    /// <param name="y">Row of the result.</param>
    public bool Holds(double x, double y) => x >= -0.5 && y >= -0.5 && x <= Width - 0.5 && y <= Height - 0.5;

    /// <summary>Where a box goes, cut to the result; null where the crop leaves all of it out.</summary>
    /// <param name="box">Its edges: left and top are the smaller numbers. A box around the first pixel alone is (-0.5, -0.5, 0.5, 0.5).</param>
    public (double Left, double Top, double Right, double Bottom)? Apply((double Left, double Top, double Right, double Bottom) box)
    {
        (double x0, double y0) = Apply(box.Left, box.Top);
        (double x1, double y1) = Apply(box.Right, box.Bottom);
        (double left, double right) = (Math.Max(Math.Min(x0, x1), -0.5), Math.Min(Math.Max(x0, x1), Width - 0.5));
        (double top, double bottom) = (Math.Max(Math.Min(y0, y1), -0.5), Math.Min(Math.Max(y0, y1), Height - 0.5));
        return left < right && top < bottom ? (left, top, right, bottom) : null;
    }

    private static ImageBuffer Next(ImageBuffer before, ImageBuffer after)
    {
        ImagePool.Return(before);
        return after;
    }

    private static void CheckSpan(int start, int count, int length, string name)
    {
        if (count < 1 || count > length - start)
            throw new ArgumentOutOfRangeException(name, count, $"Expected 1..{length - start} from {start} on, of {length}.");
    }
}
