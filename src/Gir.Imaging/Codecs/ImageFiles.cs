namespace Gir.Imaging.Codecs;

/// <summary>Reads and writes image files with a given set of codecs and limits; <see cref="ImageFile"/> is the one with the defaults.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class ImageFiles
{
    private const int WriteBuffer = 1 << 16;

    // Leaves room for the rest of the temporary name within the 255 bytes that file systems allow.
    private const int LongestKeptName = 60;

    private readonly ImageCodecRegistry _codecs;
    private readonly ImageDecodeOptions _decode;

    /// <summary>Takes the codecs and the limits that hold where a call names none.</summary>
    public ImageFiles(ImageCodecRegistry codecs, ImageDecodeOptions? decode = null)
    {
        ArgumentNullException.ThrowIfNull(codecs);
        _codecs = codecs;
        _decode = decode ?? ImageDecodeOptions.Default;
    }

    /// <summary>Reads an image; the format is recognised by content, or failing that by extension.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; null means those given at construction.</param>
    /// <returns>Samples in [0, 1] (NPY: as stored).</returns>
    /// <exception cref="ImageFormatException">The file is empty, damaged, of no known format, or exceeds a limit; names the file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The path is a directory, or the file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public ImageBuffer Load(string path, ImageDecodeOptions? options = null) =>
        Open(path, (codec, file) => codec.Decode(file, options ?? _decode));

    /// <summary>Reads what an image file's header says, without decoding samples.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; null means those given at construction.</param>
    /// <exception cref="ImageFormatException">The header is damaged, of no known format, or exceeds a limit; names the file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The path is a directory, or the file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public ImageFileInfo ReadInfo(string path, ImageDecodeOptions? options = null) =>
        Open(path, (codec, file) => codec.ReadInfo(file, options ?? _decode));

    /// <summary>Decodes an image in memory, recognised by its content.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Limits; null means those given at construction.</param>
    /// <exception cref="ImageFormatException">The file is empty, damaged, of no known format, or exceeds a limit.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) =>
        _codecs.FindForReading(file, path: null).Decode(file, options ?? _decode);

    /// <summary>Encodes an image in memory.</summary>
    /// <param name="image">Samples in [0, 1]; what lies outside is clamped by integer formats.</param>
    /// <param name="format">Name of the format, e.g. "png".</param>
    /// <param name="options">Settings of this format; null means its defaults.</param>
    /// <exception cref="ArgumentException">The format is not known, cannot hold the image, or the options are of another format.</exception>
    public byte[] Encode(ImageBuffer image, string format, ImageEncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var memory = new MemoryStream();
        _codecs.Find(format).Encode(image, memory, options);
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
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a directory; expected the name of a file to write.");
        if (!overwrite && File.Exists(path))
            throw new IOException($"'{path}' exists already; pass overwrite: true to replace it.");

        string aside = NameAside(path);
        try
        {
            using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, WriteBuffer))
            {
                codec.Encode(image, stream, options);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite);
        }
        catch
        {
            Remove(aside);
            throw;
        }
    }

    private T Open<T>(string path, Func<IImageCodec, byte[], T> read)
    {
        byte[] file = Read(path);
        try
        {
            return read(_codecs.FindForReading(file, path), file);
        }
        catch (ImageFormatException defect)
        {
            throw defect.WithFileName(path);
        }
    }

    private static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a directory; expected an image file.");
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no image file '{path}'.", path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (stream.Length > Array.MaxLength)
            throw new IOException($"'{path}' is {stream.Length} bytes long; at most {Array.MaxLength} can be read.");
        // As long as the file says it is, and no longer: a device would go on for ever.
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }

    /// <summary>A name in the same folder that no other writer of this machine uses at the same time.</summary>
    private static string NameAside(string path)
    {
        string name = Path.GetFileName(path);
        name = name[..Math.Min(name.Length, LongestKeptName)];
        string aside = $".{name}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.partial";
        return Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, aside);
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}
