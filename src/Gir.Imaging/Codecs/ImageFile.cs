namespace Gir.Imaging.Codecs;

/// <summary>Reads and writes image files with the codecs of <see cref="ImageCodecs.Default"/> and the default limits.</summary>
public static class ImageFile
{
    private static ImageFiles Files => new(ImageCodecs.Default);

    /// <inheritdoc cref="ImageFiles.Load(string, ImageDecodeOptions?)"/>
    public static ImageBuffer Load(string path, ImageDecodeOptions? options = null) => Files.Load(path, options);

    /// <inheritdoc cref="ImageFiles.Load(Stream, ImageDecodeOptions?)"/>
    public static ImageBuffer Load(Stream stream, ImageDecodeOptions? options = null) => Files.Load(stream, options);

    /// <inheritdoc cref="ImageFiles.Read(string, ImageDecodeOptions?)"/>
    public static DecodedImage Read(string path, ImageDecodeOptions? options = null) => Files.Read(path, options);

    /// <inheritdoc cref="ImageFiles.Read(Stream, ImageDecodeOptions?)"/>
    public static DecodedImage Read(Stream stream, ImageDecodeOptions? options = null) => Files.Read(stream, options);

    /// <inheritdoc cref="ImageFiles.ReadInfo"/>
    public static ImageFileInfo ReadInfo(string path, ImageDecodeOptions? options = null) => Files.ReadInfo(path, options);

    /// <inheritdoc cref="ImageFiles.Decode"/>
    public static ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => Files.Decode(file, options);

    /// <inheritdoc cref="ImageFiles.Encode"/>
    public static byte[] Encode(ImageBuffer image, string format = "png", ImageEncodeOptions? options = null) => Files.Encode(image, format, options);

    /// <inheritdoc cref="ImageFiles.Save(string, ImageBuffer, ImageEncodeOptions?, bool)"/>
    public static void Save(string path, ImageBuffer image, ImageEncodeOptions? options = null, bool overwrite = false) =>
        Files.Save(path, image, options, overwrite);

    /// <inheritdoc cref="ImageFiles.Save(Stream, ImageBuffer, string, ImageEncodeOptions?)"/>
    public static void Save(Stream stream, ImageBuffer image, string format = "png", ImageEncodeOptions? options = null) =>
        Files.Save(stream, image, format, options);
}
