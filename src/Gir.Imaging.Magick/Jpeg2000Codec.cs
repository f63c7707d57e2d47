using Gir.Imaging.Codecs;
using Gir.Imaging.Files;
using ImageMagick;

namespace Gir.Imaging.Magick;

/// <summary>JPEG 2000 by ImageMagick and its OpenJPEG.</summary>
/// <remarks>Samples are as stored: color profiles change nothing, and are not handed on.</remarks>
internal sealed class Jpeg2000Codec : IImageCodec
{
    private const int MostChannels = 4;
    private const int MostBits = 8;

    public string Name => "jpeg2000";

    public IReadOnlyList<string> Extensions { get; } = [".jp2", ".j2k", ".j2c", ".jpc"];

    public bool Recognizes(ReadOnlySpan<byte> start) => Jpeg2000Header.Recognizes(start);

    public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => Info(Check(file, options ?? ImageDecodeOptions.Default));

    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => Read(file, options).Image;

    public DecodedImage Read(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        Jpeg2000Header header = Check(file, options ?? ImageDecodeOptions.Default);
        try
        {
            // The format is named, so that no other decoder of the library is ever asked.
            using var image = new MagickImage();
            image.Warning += (_, warning) => throw Damaged(file: 0, warning.Message, warning.Exception);
            image.Read(file, new MagickReadSettings { Format = header.IsFile ? MagickFormat.Jp2 : MagickFormat.J2k });
            if (image.Width != header.Width || image.Height != header.Height)
                throw new ImageFormatException(Name, header.Offset, $"the header says {header.Width} x {header.Height}, the image data makes {image.Width} x {image.Height}");
            using IPixelCollection<byte> pixels = image.GetPixels();
            byte[] samples = pixels.ToByteArray(Mapping(header.Components))
                ?? throw new ImageFormatException(Name, header.Offset, "ImageMagick hands out no samples");
            return new(ImageConversion.FromInterleaved(samples, header.Components, (int)header.Height, (int)header.Width), Info(header));
        }
        catch (MagickException e)
        {
            throw Damaged(file.Length, e.Message, e);
        }
        catch (Exception e) when (NativeLibrary.IsMissing(e))
        {
            throw NoLibrary(e);
        }
    }

    public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        EncodeOptions.CheckChannels(image, Name, MostChannels);
        Jpeg2000EncodeOptions settings = EncodeOptions.As(options, Name, o =>
        {
            EncodeOptions.CheckIsByte(o, Name);
            return o.Quality is int quality ? new Jpeg2000EncodeOptions(quality) : new Jpeg2000EncodeOptions();
        }) ?? new Jpeg2000EncodeOptions();
        if (settings.Quality is < 1 or > 100)
            throw new ArgumentException($"{nameof(Jpeg2000EncodeOptions.Quality)} is {settings.Quality}; expected 1..100.", nameof(options));
        try
        {
            var layout = new PixelReadSettings((uint)image.Width, (uint)image.Height, StorageType.Char, Mapping(image.Channels));
            using var file = new MagickImage(image.ToInterleaved(), layout);
            if (image.Channels < 3)
                file.ColorSpace = ColorSpace.Gray;
            // Without a quality the library writes every level.
            if (!settings.IsLossless)
                file.Quality = (uint)settings.Quality;
            file.Write(destination, MagickFormat.Jp2);
        }
        catch (MagickException e)
        {
            throw new ArgumentException($"ImageMagick does not encode {image} as {Name}: {e.Message}", nameof(image), e);
        }
        catch (Exception e) when (NativeLibrary.IsMissing(e))
        {
            throw NoLibrary(e);
        }
    }

    private Jpeg2000Header Check(ReadOnlySpan<byte> file, ImageDecodeOptions options)
    {
        Jpeg2000Header header = Jpeg2000Header.Read(file, Name);
        if (header.Components > MostChannels)
            throw new ImageFormatException(Name, header.Offset, $"the image has {header.Components} components; expected 1 to {MostChannels}");
        if (header.Bits > MostBits)
            throw new ImageFormatException(Name, header.Offset, $"the samples have {header.Bits} bits; expected at most {MostBits}, which is what this codec keeps");
        DecodeLimits.Check(Name, header.Offset, header.Components, header.Height, header.Width, options);
        DecodeLimits.CheckBelievable(Name, header.Offset, file.Length, header.Height, header.Width);
        return header;
    }

    private ImageFileInfo Info(Jpeg2000Header header) => new(Name, header.Components, (int)header.Height, (int)header.Width, MostBits);

    private ImageFormatException Damaged(long file, string message, Exception? inner) => new(Name, file, $"the image data is damaged or ends early ({message})", null, inner);

    private static string Mapping(int channels) => channels switch { 1 => "I", 2 => "IA", 3 => "RGB", _ => "RGBA" };

    private static MagickLibraryException NoLibrary(Exception e) =>
        new("The native library of Magick.NET was not found or does not load here; the package Magick.NET-Q8-AnyCPU has it for Linux, macOS and Windows, x64 and arm64.", e);
}
