namespace Gir.Imaging.Files;

/// <summary>Reads streams that nobody vouches for into memory, in proportion to what they really hold.</summary>
internal static class BoundedBytes
{
    private const int FirstCapacity = 1 << 16;

    /// <summary>Reads to the end of a stream.</summary>
    /// <param name="stream">Need not be able to seek or to tell its length.</param>
    /// <param name="start">Bytes that have been read from it before.</param>
    /// <param name="most">Most bytes to read, those before included.</param>
    /// <param name="content">All bytes, or the first <paramref name="most"/>.</param>
    /// <returns>False where the stream goes on beyond that.</returns>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static bool TryRead(Stream stream, ReadOnlySpan<byte> start, long most, out ReadOnlyMemory<byte> content)
    {
        // One byte more is asked for, to see whether the stream ends.
        long longest = Math.Min(most + 1, Array.MaxLength);
        byte[] bytes = new byte[Math.Min(longest, Math.Max(FirstCapacity, start.Length))];
        int length = Math.Min(start.Length, bytes.Length);
        start[..length].CopyTo(bytes);
        while (true)
        {
            length += stream.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
            if (length < bytes.Length || length == longest)
                break;
            Array.Resize(ref bytes, (int)Math.Min(2L * bytes.Length, longest));
        }

        content = bytes.AsMemory(0, (int)Math.Min(length, most));
        return length <= most;
    }
}
