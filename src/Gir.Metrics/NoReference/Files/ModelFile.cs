namespace Gir.Metrics.NoReference.Files;

/// <summary>Bounds on what a model file may be.</summary>
internal static class ModelFile
{
    /// <summary>Largest file, and largest content of a compressed part.</summary>
    public const int MaxLength = 1 << 24;

    /// <summary>Reads a whole file of bounded length.</summary>
    public static byte[] ReadAll(string path)
    {
        using FileStream stream = File.OpenRead(path);
        byte[] content = ReadBounded(stream, path);
        return content;
    }

    /// <summary>Reads a stream to its end, but not beyond <see cref="MaxLength"/>.</summary>
    public static byte[] ReadBounded(Stream stream, string what)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 14];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (content.Length + read > MaxLength)
                throw new InvalidDataException($"{what}: more than {MaxLength} bytes.");
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
