namespace Gir.Imaging.Codecs;

/// <summary>An image file is damaged, hostile, or of a kind that is not supported.</summary>
public sealed class ImageFormatException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="format">The codec's name, e.g. "png".</param>
    /// <param name="offset">Byte offset in the file at which the defect was found.</param>
    /// <param name="reason">What is wrong and what was expected, without the file's name.</param>
    /// <param name="fileName">The file, where known.</param>
    /// <param name="innerException">The cause, if any.</param>
    public ImageFormatException(string format, long offset, string reason, string? fileName = null, Exception? innerException = null)
        : base($"{fileName ?? "image"}: {format}: at byte {offset}: {reason}", innerException)
    {
        Format = format;
        Offset = offset;
        Reason = reason;
        FileName = fileName;
    }

    /// <summary>The codec's name.</summary>
    public string Format { get; }

    /// <summary>Byte offset in the file at which the defect was found.</summary>
    public long Offset { get; }

    /// <summary>What is wrong and what was expected.</summary>
    public string Reason { get; }

    /// <summary>The file, where known.</summary>
    public string? FileName { get; }

    /// <summary>The same defect, told with the file's name.</summary>
    public ImageFormatException WithFileName(string fileName) => new(Format, Offset, Reason, fileName, InnerException);
}
