using Gir.Imaging.Files;
using Gir.Imaging.Observability;

namespace Gir.Imaging.Codecs;

/// <summary>Reads and writes image files with a given set of codecs and limits; <see cref="ImageFile"/> is the one with the defaults.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class ImageFiles
{
    private readonly ImageCodecRegistry _codecs;
    private readonly ImageDecodeOptions _decode;

    /// <summary>Takes the codecs and the limits that hold where a call names none.</summary>
    public ImageFiles(ImageCodecRegistry codecs, ImageDecodeOptions? decode = null)
    {
        ArgumentNullException.ThrowIfNull(codecs);
        _codecs = codecs;
        _decode = decode ?? ImageDecodeOptions.Default;
    }

    /// <summary>Reads an image; the format is recognized by content, or failing that by extension.</summary>
    /// <param name="path">The file; a pipe or a device is read to its end, within <see cref="ImageDecodeOptions.MaxFileBytes"/>.</param>
    /// <param name="options">Limits; null means those given at construction.</param>
    /// <returns>Samples in [0, 1] (NPY: as stored).</returns>
    /// <exception cref="ImageFormatException">The file is empty, damaged, of no known format, or exceeds a limit; names the file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The path is a directory, or the file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public ImageBuffer Load(string path, ImageDecodeOptions? options = null) =>
        Open(path, options ?? _decode, DecodeBy);

    /// <summary>Reads an image from a stream, e.g. standard input; the format is recognized by content.</summary>
    /// <param name="stream">
    /// Read from its position to its end, in memory of the size of what it really holds; need not be able to seek or to tell its length. Not closed.
    /// </param>
    /// <param name="options">Limits, of which <see cref="ImageDecodeOptions.MaxFileBytes"/> bounds the reading; null means those given at construction.</param>
    /// <returns>Samples in [0, 1] (NPY: as stored).</returns>
    /// <exception cref="ImageFormatException">The content is empty, damaged, of no known format, or exceeds a limit.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public ImageBuffer Load(Stream stream, ImageDecodeOptions? options = null) =>
        Open(stream, options ?? _decode, DecodeBy);

    /// <summary>Reads an image together with what its file says: stored bits per sample, metadata, and harmless defects of the whole file.</summary>
    /// <inheritdoc cref="Load(string, ImageDecodeOptions?)"/>
    public DecodedImage Read(string path, ImageDecodeOptions? options = null) =>
        Open(path, options ?? _decode, ReadBy);

    /// <summary>Reads an image from a stream together with what the file says: stored bits per sample, metadata, and harmless defects.</summary>
    /// <inheritdoc cref="Load(Stream, ImageDecodeOptions?)"/>
    public DecodedImage Read(Stream stream, ImageDecodeOptions? options = null) =>
        Open(stream, options ?? _decode, ReadBy);

    /// <summary>Reads what an image file's header says, without decoding samples.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; null means those given at construction.</param>
    /// <exception cref="ImageFormatException">The header is damaged, of no known format, or exceeds a limit; names the file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The path is a directory, or the file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public ImageFileInfo ReadInfo(string path, ImageDecodeOptions? options = null) =>
        Open(path, options ?? _decode, (codec, file, limits) => codec.ReadInfo(file, limits));

    /// <summary>Decodes an image in memory, recognized by its content.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Limits; null means those given at construction.</param>
    /// <exception cref="ImageFormatException">The file is empty, damaged, of no known format, or exceeds a limit.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) =>
        DecodeBy(_codecs.FindForReading(file, path: null), file, options ?? _decode);

    /// <summary>Encodes an image in memory.</summary>
    /// <param name="image">Samples in [0, 1]; what lies outside is clamped by integer formats.</param>
    /// <param name="format">Name of the format, e.g. "png".</param>
    /// <param name="options">Settings of this format; null means its defaults.</param>
    /// <exception cref="ArgumentException">The format is not known, cannot hold the image, or the options are of another format.</exception>
    public byte[] Encode(ImageBuffer image, string format, ImageEncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var memory = new MemoryStream();
        EncodeBy(_codecs.Find(format), image, memory, options);
        return memory.ToArray();
    }

    /// <summary>
    /// Writes an image in the format of the path's extension. The file appears complete or not at all: it is written under another name
    /// in the same folder, flushed to the disk and renamed; on failure the other file is removed.
    /// </summary>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="image">Samples in [0, 1]; what lies outside is clamped by integer formats.</param>
    /// <param name="options">Settings of this format; null means its defaults.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <exception cref="ArgumentException">The extension is not known, the format cannot hold the image, or the options are of another format.</exception>
    /// <exception cref="IOException">The file exists and is not to be replaced, the path is a directory, or writing failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public void Save(string path, ImageBuffer image, ImageEncodeOptions? options = null, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(image);
        IImageCodec codec = _codecs.FindForWriting(path);
        AtomicFile.Write(path, stream => EncodeBy(codec, image, stream, options), overwrite);
    }

    /// <summary>Writes an image to a stream, e.g. standard output.</summary>
    /// <param name="stream">Receives the file; not closed.</param>
    /// <param name="image">Samples in [0, 1]; what lies outside is clamped by integer formats.</param>
    /// <param name="format">Name of the format, e.g. "png".</param>
    /// <param name="options">Settings of this format; null means its defaults.</param>
    /// <exception cref="ArgumentException">The format is not known, cannot hold the image, or the options are of another format.</exception>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Save(Stream stream, ImageBuffer image, string format = "png", ImageEncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(image);
        EncodeBy(_codecs.Find(format), image, stream, options);
    }

    private static ImageBuffer DecodeBy(IImageCodec codec, ReadOnlySpan<byte> file, ImageDecodeOptions limits)
    {
        using TimedWork.Piece work = ImagingTelemetry.Decoding.Begin(codec.Name);
        return work.Complete(codec.Decode(file, limits));
    }

    private static DecodedImage ReadBy(IImageCodec codec, ReadOnlySpan<byte> file, ImageDecodeOptions limits)
    {
        using TimedWork.Piece work = ImagingTelemetry.Decoding.Begin(codec.Name);
        return work.Complete(codec.Read(file, limits));
    }

    private static void EncodeBy(IImageCodec codec, ImageBuffer image, Stream stream, ImageEncodeOptions? options)
    {
        using TimedWork.Piece work = ImagingTelemetry.Encoding.Begin(codec.Name);
        codec.Encode(image, stream, options);
        work.Complete(true);
    }

    private T Open<T>(string path, ImageDecodeOptions options, Reader<T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a directory; expected an image file.");
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no image file '{path}'.", path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            // Pipes have no length, and that of a device (0) means nothing.
            if (!stream.CanSeek || stream.Length == 0)
                return ReadStream(stream, path, options, read);
            long most = Math.Min(options.MaxFileBytes, Array.MaxLength);
            if (stream.Length > most)
                throw TooLong(most, $"the file is {stream.Length} bytes long");
            byte[] file = GC.AllocateUninitializedArray<byte>((int)stream.Length);
            stream.ReadExactly(file);
            return read(_codecs.FindForReading(file, path), file, options);
        }
        catch (ImageFormatException defect)
        {
            throw defect.WithFileName(path);
        }
    }

    private T Open<T>(Stream stream, ImageDecodeOptions options, Reader<T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadStream(stream, path: null, options, read);
    }

    private T ReadStream<T>(Stream stream, string? path, ImageDecodeOptions options, Reader<T> read)
    {
        // The first bytes say whether the rest is worth reading: a device may go on for ever.
        Span<byte> start = stackalloc byte[ImageCodecRegistry.StartLength];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        IImageCodec codec = _codecs.FindForReading(start, path);
        long most = Math.Min(options.MaxFileBytes, Array.MaxLength);
        if (!BoundedBytes.TryRead(stream, start, most, out ReadOnlyMemory<byte> file))
            throw TooLong(most, "the stream goes on");
        return read(codec, file.Span, options);
    }

    private static ImageFormatException TooLong(long most, string finding) =>
        new("unknown", most, $"{finding}; the limit is {most} bytes ({nameof(ImageDecodeOptions)}.{nameof(ImageDecodeOptions.MaxFileBytes)})");

    private delegate T Reader<T>(IImageCodec codec, ReadOnlySpan<byte> file, ImageDecodeOptions options);
}
