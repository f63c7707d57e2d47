using Gir.Imaging;

namespace Gir.Models.Serialization;

/// <summary>A checkpoint is damaged, hostile, or of a kind that is not supported.</summary>
public sealed class CheckpointFormatException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fileName">The file, or what stands for it.</param>
    /// <param name="offset">Byte offset in the file at which the defect was found.</param>
    /// <param name="reason">What is wrong and what was expected, without the file's name.</param>
    /// <param name="innerException">The cause, if any.</param>
    public CheckpointFormatException(string fileName, long offset, string reason, Exception? innerException = null)
        : base($"{fileName}: at byte {offset}: {reason}", innerException)
    {
        FileName = fileName;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file, or what stands for it.</summary>
    public string FileName { get; }

    /// <summary>Byte offset in the file at which the defect was found.</summary>
    public long Offset { get; }

    /// <summary>What is wrong and what was expected.</summary>
    public string Reason { get; }
}
