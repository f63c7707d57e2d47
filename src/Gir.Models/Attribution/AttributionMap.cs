using Gir.Imaging;

namespace Gir.Models.Attribution;

/// <summary>How much each input pixel has to do with a window of the result.</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public sealed class AttributionMap
{
    private readonly double[] _values;

    internal AttributionMap(int height, int width, int scale, AttributionWindow window, double[] values)
    {
        (Height, Width, Scale, Window, _values) = (height, width, scale, window, values);
    }

    /// <summary>Rows of the input.</summary>
    public int Height { get; }

    /// <summary>Columns of the input.</summary>
    public int Width { get; }

    /// <summary>Output pixels for each input pixel along an axis.</summary>
    public int Scale { get; }

    /// <summary>The window of the result that is explained.</summary>
    public AttributionWindow Window { get; }

    /// <summary>Shares row by row, 0..1 with the largest 1; all 0 where no pixel has any. What the diffusion index is computed of.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The map over the image: the image in pale gray, shares in red that saturates at a tenth of the largest, and the window as a frame of light blue.</summary>
    /// <param name="image">The input that was explained.</param>
    /// <exception cref="ArgumentException">The image has another size.</exception>
    public ImageBuffer DrawOver(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if ((image.Height, image.Width) != (Height, Width))
            throw new ArgumentException($"The image is {image}; expected {Height} x {Width}, as the map.", nameof(image));
        const double Saturation = 0.1;
        var picture = new ImageBuffer(3, Height, Width);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                float gray = 0;
                for (int c = 0; c < image.Channels; c++)
                    gray += image[c, y, x] / image.Channels;
                gray = 0.35f + (0.6f * Math.Clamp(gray, 0, 1));
                float share = (float)Math.Sqrt(Math.Min(1, _values[(y * Width) + x] / Saturation));
                picture[0, y, x] = gray + (share * (0.85f - gray));
                picture[1, y, x] = picture[2, y, x] = gray * (1 - share);
            }
        }

        Frame(picture);
        return picture;
    }

    private void Frame(ImageBuffer picture)
    {
        (int top, int left) = (Math.Max(0, (Window.Top / Scale) - 1), Math.Max(0, (Window.Left / Scale) - 1));
        (int bottom, int right) = (Math.Min(Height - 1, (Window.Top + Window.Height) / Scale), Math.Min(Width - 1, (Window.Left + Window.Width) / Scale));
        for (int x = left; x <= right; x++)
        {
            Paint(picture, top, x);
            Paint(picture, bottom, x);
        }

        for (int y = top; y <= bottom; y++)
        {
            Paint(picture, y, left);
            Paint(picture, y, right);
        }
    }

    private static void Paint(ImageBuffer picture, int y, int x) => (picture[0, y, x], picture[1, y, x], picture[2, y, x]) = (0.1f, 0.55f, 1);
}
