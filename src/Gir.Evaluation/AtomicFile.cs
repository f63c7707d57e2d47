namespace Gir.Evaluation;

/// <summary>Writes whole files so that no reader, and no kill, ever meets half of one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes aside in the same folder, then renames over the target.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string aside = path + ".partial";
        try
        {
            using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
