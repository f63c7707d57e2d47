using Gir.Models.Serialization;

namespace Gir.Cli.Shell;

/// <summary>Files that an option names.</summary>
internal static class UserFile
{
    /// <summary>Reads them.</summary>
    /// <param name="option">The option, e.g. "--weights", and, where the error does not say it, the file.</param>
    /// <param name="read">Reads.</param>
    /// <exception cref="UsageException">A file cannot be read, or does not hold what it should.</exception>
    public static T Read<T>(string option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or CheckpointFormatException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }
}
