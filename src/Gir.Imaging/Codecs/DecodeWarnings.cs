namespace Gir.Imaging.Codecs;

/// <summary>Collects the harmless defects of one file, or refuses them where <see cref="ImageDecodeOptions.Strict"/> says so.</summary>
internal sealed class DecodeWarnings(string format, ImageDecodeOptions options)
{
    // A file can hold millions of damaged chunks.
    private const int Most = 100;

    private readonly List<string> _texts = [];

    /// <summary>Notes a defect.</summary>
    /// <param name="offset">Where in the file it was found.</param>
    /// <param name="defect">What was found and what was expected.</param>
    /// <exception cref="ImageFormatException">The file is read strictly.</exception>
    public void Add(long offset, string defect)
    {
        if (options.Strict)
            throw new ImageFormatException(format, offset, $"{defect} ({nameof(ImageDecodeOptions)}.{nameof(ImageDecodeOptions.Strict)})");
        if (_texts.Count < Most)
            _texts.Add($"at byte {offset}: {defect}");
    }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<string> ToList() => _texts.Count == 0 ? [] : [.. _texts];
}
