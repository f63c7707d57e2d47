using System.Diagnostics.CodeAnalysis;

namespace Gir.Models.Serialization;

/// <summary>A file that is being read: its bytes, its name for errors, what it may ask for.</summary>
internal sealed record CheckpointSource(string Name, ReadOnlyMemory<byte> Content, CheckpointLimits Limits)
{
    public ReadOnlySpan<byte> Bytes => Content.Span;

    public CheckpointFormatException Error(long offset, string reason, Exception? cause = null) => new(Name, offset, reason, cause);

    [DoesNotReturn]
    public void Fail(long offset, string reason) => throw Error(offset, reason);

    /// <summary>A name or value of the file, made fit for a message.</summary>
    public static string Quote(string text)
    {
        const int longest = 80;
        string cut = text.Length > longest ? text[..longest] + ".." : text;
        return "'" + string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)) + "'";
    }
}
