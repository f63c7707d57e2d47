using Gir.Imaging.Codecs;
using Gir.Imaging.Codecs.Jpeg;
using SkiaSharp;

namespace Gir.Imaging.SkiaSharp;

/// <summary>A format that Skia reads, and in the case of WebP writes.</summary>
/// <remarks>
/// Samples are as stored: color profiles change nothing, and are not handed on. Colors and alpha are apart (4 channels), or 3 channels where the file says that all is
/// opaque. The size that a header claims is checked before anything of that size is allocated; what is cut off is an error.
/// </remarks>
/// <param name="name">The format's name.</param>
/// <param name="extensions">Its extensions.</param>
/// <param name="recognizes">How its files begin.</param>
internal sealed class SkiaCodec(string name, IReadOnlyList<string> extensions, SkiaFormats.Start recognizes) : IImageCodec
{
    private const int DefaultQuality = 80;
    private const int Opaque = 3;
    private const int WithAlpha = 4;

    // libwebp's limit.
    private const int LargestWebp = 16383;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => extensions;

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> start) => recognizes(start);

    /// <inheritdoc/>
    public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        return Open(file, options, codec => Info(codec, options));
    }

    /// <inheritdoc/>
    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => Read(file, options).Image;

    /// <inheritdoc/>
    public DecodedImage Read(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        long length = file.Length;
        return Open(file, options, codec => new DecodedImage(Decode(codec, length, options), Info(codec, options)));
    }

    /// <inheritdoc/>
    public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        if (name != "webp")
            throw new ArgumentException($"{name} is read, not written; write png or webp.", nameof(image));
        EncodeOptions.CheckChannels(image, name, WithAlpha);
        WebpEncodeOptions settings = EncodeOptions.As(options, name, o =>
        {
            EncodeOptions.CheckIsByte(o, name);
            return new WebpEncodeOptions(o.Quality ?? DefaultQuality);
        }) ?? new WebpEncodeOptions();
        if (settings.Quality is < 0 or > 100)
            throw new ArgumentException($"{nameof(WebpEncodeOptions.Quality)} is {settings.Quality}; expected 0..100.", nameof(options));
        if (image.Height > LargestWebp || image.Width > LargestWebp)
            throw new ArgumentException($"webp holds at most {LargestWebp} rows and columns, but the image is {image}.", nameof(image));
        using SKBitmap bitmap = SkiaLibrary.Call(() => image.ToSKBitmap(SKColorType.Rgba8888));
        using SKPixmap pixels = bitmap.PeekPixels();
        using SKData? data = pixels.Encode(new SKWebpEncoderOptions(settings.IsLossless ? SKWebpEncoderCompression.Lossless : SKWebpEncoderCompression.Lossy, settings.Quality));
        if (data is null)
            throw new ArgumentException($"Skia does not encode {image} as {name}.", nameof(image));
        destination.Write(data.AsSpan());
    }

    private unsafe T Open<T>(ReadOnlySpan<byte> file, ImageDecodeOptions options, Func<SKCodec, T> work)
    {
        // Skia recognizes by itself; what pretends to be this format must not be read as another.
        if (!recognizes(file))
            throw new ImageFormatException(name, 0, $"the file begins with {Convert.ToHexString(file[..Math.Min(12, file.Length)])}; expected the signature of {name}");
        fixed (byte* start = file)
        {
            nint address = (nint)start;
            int length = file.Length;
            using SKData data = SkiaLibrary.Call(() => SKData.Create(address, length));
            using SKCodec codec = SKCodec.Create(data)
                ?? throw new ImageFormatException(name, 0, $"Skia finds no {name} image in these {length} bytes");
            SKImageInfo info = codec.Info;
            DecodeLimits.Check(name, 0, Channels(codec), info.Height, info.Width, options);
            return work(codec);
        }
    }

    private ImageFileInfo Info(SKCodec codec, ImageDecodeOptions options)
    {
        (int height, int width) = (codec.Info.Height, codec.Info.Width);
        (height, width) = options.ApplyOrientation && JpegExif.Transposes((int)codec.EncodedOrigin) ? (width, height) : (height, width);
        return new ImageFileInfo(name, Channels(codec), height, width, 8);
    }

    private unsafe ImageBuffer Decode(SKCodec codec, long length, ImageDecodeOptions options)
    {
        SKImageInfo info = codec.Info;
        DecodeLimits.CheckBelievable(name, length, length, info.Height, info.Width);
        long bytes = (long)info.Width * info.Height * WithAlpha;
        if (bytes > Array.MaxLength)
            throw new ImageFormatException(name, 0, $"{info.Width} x {info.Height} pixels are more than can be decoded at once");
        byte[] decoded = new byte[bytes];
        fixed (byte* target = decoded)
        {
            // Without a color space, nothing is converted.
            SKCodecResult result = codec.GetPixels(new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)target);
            if (result != SKCodecResult.Success)
                throw new ImageFormatException(name, length, $"the image data is damaged or ends early ({result})");
        }

        ImageBuffer image = ImageConversion.FromPixels(decoded, PixelFormat.Rgba32, info.Height, info.Width);
        image = Channels(codec) == Opaque ? image.WithoutAlpha() : image;
        return options.ApplyOrientation ? JpegExif.Apply(image, (int)codec.EncodedOrigin) : image;
    }

    private static int Channels(SKCodec codec) => codec.Info.AlphaType == SKAlphaType.Opaque ? Opaque : WithAlpha;
}
