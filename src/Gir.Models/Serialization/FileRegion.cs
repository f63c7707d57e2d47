using Microsoft.Win32.SafeHandles;

namespace Gir.Models.Serialization;

/// <summary>Some bytes of a file, read when they are asked for: of a file larger than an array, one tensor at a time.</summary>
/// <param name="Path">The file, which must not change meanwhile.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">Bytes.</param>
internal sealed record FileRegion(string Path, long Offset, long Length)
{
    /// <summary>Opens the file.</summary>
    /// <exception cref="IOException">It is gone.</exception>
    public SafeFileHandle Open() => File.OpenHandle(Path);

    /// <summary>Reads a part.</summary>
    /// <param name="file">The file, open.</param>
    /// <param name="at">Where the part begins within the region.</param>
    /// <param name="part">Is filled.</param>
    /// <exception cref="IOException">The file is shorter than it was.</exception>
    public void Read(SafeFileHandle file, long at, Span<byte> part)
    {
        while (!part.IsEmpty)
        {
            int count = RandomAccess.Read(file, part, Offset + at);
            if (count == 0)
                throw new EndOfStreamException($"'{Path}' ends at byte {Offset + at}, where it had more when its header was read.");
            part = part[count..];
            at += count;
        }
    }
}
