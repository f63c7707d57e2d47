namespace Gir.Imaging.Text;

/// <summary>Reads text files that nobody vouches for.</summary>
internal static class BoundedText
{
    /// <summary>The whole text, UTF-8 unless a byte order mark says otherwise; null where there are more bytes than the longest allowed.</summary>
    /// <param name="stream">Read to its end, or one byte past the longest.</param>
    /// <param name="longest">In bytes.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static string? Read(Stream stream, int longest)
    {
        // What a device says about its length means nothing, and it may go on for ever.
        byte[] content = new byte[longest + 1];
        int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        if (length > longest)
            return null;
        using var reader = new StreamReader(new MemoryStream(content, 0, length));
        return reader.ReadToEnd();
    }
}
