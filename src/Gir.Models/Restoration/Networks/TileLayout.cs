using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>Where an image lies within the padded one that a network gets, and the tiles of the latter.</summary>
internal sealed record TileLayout(int Height, int Width, int Top, int Left, TileAxis Rows, TileAxis Columns)
{
    /// <summary>Number of tiles.</summary>
    public int Count => Rows.Count * Columns.Count;

    /// <summary>Pads an image.</summary>
    public ImageBuffer Pad(ImageBuffer image, PadMode mode) => (Height, Width) == (image.Height, image.Width)
        ? image
        : image.Pad(Top, Height - image.Height - Top, Left, Width - image.Width - Left, mode);

    /// <summary>What the network made of the image in it.</summary>
    public ImageBuffer Crop(ImageBuffer restored, int height, int width, int scale) => (Height, Width) == (height, width)
        ? restored
        : restored.Crop(Top * scale, Left * scale, height * scale, width * scale);
}
