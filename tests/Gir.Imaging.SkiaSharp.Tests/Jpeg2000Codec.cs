using Gir.Imaging.Codecs;
using ImageMagick;

namespace Gir.Imaging.SkiaSharp.Tests;

/// <summary>JPEG 2000 by ImageMagick: what a program writes that wants one more format.</summary>
internal sealed class Jpeg2000Codec : IImageCodec
{
    public string Name => "jpeg2000";

    public IReadOnlyList<string> Extensions { get; } = [".jp2"];

    public bool Recognizes(ReadOnlySpan<byte> start) => start.Length >= 12 && start[4..8].SequenceEqual("jP  "u8);

    public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        ImageBuffer image = Decode(file, options);
        return new ImageFileInfo(Name, image.Channels, image.Height, image.Width, 8);
    }

    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        try
        {
            using var image = new MagickImage(file, MagickFormat.Jp2);
            using IPixelCollection<byte> pixels = image.GetPixels();
            return ImageConversion.FromInterleaved(pixels.ToByteArray(PixelMapping.RGB)!, 3, (int)image.Height, (int)image.Width);
        }
        catch (MagickException e)
        {
            throw new ImageFormatException(Name, 0, e.Message, null, e);
        }
    }

    public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null)
    {
        var settings = new PixelReadSettings((uint)image.Width, (uint)image.Height, StorageType.Char, PixelMapping.RGB);
        using var file = new MagickImage(image.ToPixels(PixelFormat.Rgb24), settings);
        file.Quality = (uint)((options as ImageSaveOptions)?.Quality ?? 90);
        file.Write(destination, MagickFormat.Jp2);
    }
}
