namespace Gir.Imaging.Codecs;

/// <summary>A set of codecs, found by name, by file name extension or by the first bytes of a file.</summary>
/// <remarks>Immutable and safe for concurrent use. Where two codecs claim the same thing, the earlier one wins.</remarks>
public sealed class ImageCodecRegistry
{
    /// <summary>First bytes that codecs are shown: more than any of them looks at; <see cref="IImageCodec.Recognizes"/> asks for 16.</summary>
    internal const int StartLength = 64;

    /// <summary>Takes codecs in the order in which they are asked.</summary>
    /// <exception cref="ArgumentException">There is none, or two have the same name.</exception>
    public ImageCodecRegistry(IEnumerable<IImageCodec> codecs)
    {
        ArgumentNullException.ThrowIfNull(codecs);
        All = [.. codecs];
        if (All.Count == 0)
            throw new ArgumentException("Expected at least one codec.", nameof(codecs));
        if (All.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two codecs are named '{twice.Key}'.", nameof(codecs));
    }

    /// <summary>All codecs, in the order in which they are asked.</summary>
    public IReadOnlyList<IImageCodec> All { get; }

    /// <summary>This registry with more codecs after its own, each unless it has one of that name.</summary>
    internal ImageCodecRegistry With(IReadOnlyList<IImageCodec> more) => new([.. All, .. more.Where(c => !All.Any(own => own.Name == c.Name))]);

    /// <summary>The codec of a name, e.g. "jpeg", or of an extension without its dot, e.g. "jpg"; case does not matter.</summary>
    /// <exception cref="ArgumentException">No codec has this name.</exception>
    public IImageCodec Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? FindByExtension("." + name)
            ?? throw new ArgumentException($"No image format is named '{name}'; known are {string.Join(", ", All.Select(c => c.Name))}.", nameof(name));
    }

    /// <summary>The codec that a path's extension belongs to, or null; case does not matter.</summary>
    /// <param name="path">A file name or path, or an extension with its dot.</param>
    public IImageCodec? FindByExtension(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string extension = Path.GetExtension(path);
        return All.FirstOrDefault(c => c.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The codec that recognizes a file by its first bytes, or null.</summary>
    /// <param name="start">The file, or its first 16 bytes or more.</param>
    public IImageCodec? FindByContent(ReadOnlySpan<byte> start)
    {
        start = start[..Math.Min(start.Length, StartLength)];
        foreach (IImageCodec codec in All)
        {
            if (codec.Recognizes(start))
                return codec;
        }

        return null;
    }

    /// <summary>The codec to read a file with: by content, or failing that by extension.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="path">Its name, if it has one.</param>
    /// <exception cref="ImageFormatException">The file is empty, or neither its content nor its name is known.</exception>
    internal IImageCodec FindForReading(ReadOnlySpan<byte> file, string? path)
    {
        if (file.IsEmpty)
            throw new ImageFormatException("unknown", 0, $"the file is empty; {Known()}");
        return FindByContent(file) ?? (path is null ? null : FindByExtension(path)) ?? throw new ImageFormatException(
            "unknown", 0, $"no known image format begins with the bytes {Convert.ToHexString(file[..Math.Min(16, file.Length)])}; {Known()}");
    }

    /// <summary>The codec to write a file with.</summary>
    /// <exception cref="ArgumentException">The extension is not known.</exception>
    internal IImageCodec FindForWriting(string path) => FindByExtension(path) ?? throw new ArgumentException(
        $"'{path}' has the extension '{Path.GetExtension(path)}'; known are {string.Join(", ", All.SelectMany(c => c.Extensions))}.", nameof(path));

    private string Known() => $"known formats are {string.Join(", ", All.Select(c => c.Name))}";
}
