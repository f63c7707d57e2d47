using Gir.Imaging;

namespace Gir.Cli.Shell;

/// <summary>What went wrong, in one line on the error stream.</summary>
/// <remarks>Where files or memory are short, a failure may be told only with what is loaded already: no regular expressions here.</remarks>
internal static class Failures
{
    private const string ParameterStart = " (Parameter '";
    private const string ParameterEnd = "')";

    /// <summary>Whether a failure is one that the user can put right.</summary>
    public static bool IsExpected(Exception e) =>
        e is UsageException or GirException or IOException or UnauthorizedAccessException or InvalidDataException;

    /// <summary>What is at the bottom of a failure that parallel work or a static constructor has wrapped.</summary>
    public static Exception Root(Exception e) => e switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => Root(first),
        TypeInitializationException { InnerException: { } inner } => Root(inner),
        _ => e,
    };

    /// <summary>Tells a failure of any kind.</summary>
    /// <returns>2 for what the user can put right, 70 for a mistake of the tool's own.</returns>
    public static int Tell(Terminal terminal, Exception e)
    {
        Exception root = Root(e);
        if (IsLoading(root))
        {
            return Tell(
                terminal,
                $"A part of gir cannot be loaded: too few files may be open (ulimit -n), too little memory is allowed (ulimit -v), or the installation is incomplete. {root.Message}");
        }

        if (root is OutOfMemoryException)
            return Tell(terminal, $"There is not enough memory. {root.Message} Fewer --threads, smaller images or, in restore, a smaller --memory need less.");
        if (IsExpected(root))
            return Tell(terminal, root.Message);
        string place = root.StackTrace?.Split('\n')[0].Trim() is { Length: > 0 } first ? ", " + first : "";
        terminal.Error.WriteLine($"error: this is a mistake of gir's own; please report it with the command and this line: {root.GetType().Name}: {OneLine(root.Message)}{place}");
        return ExitCode.Bug;
    }

    /// <summary>Tells what the user can put right.</summary>
    public static int Tell(Terminal terminal, string message)
    {
        terminal.Error.WriteLine("error: " + OneLine(message));
        return ExitCode.Usage;
    }

    /// <summary>A message without line ends, and without what a method calls its parameter, which means nothing to a user.</summary>
    public static string OneLine(string message)
    {
        message = Imaging.Text.OneLine.Of(message.ReplaceLineEndings(" "));
        for (int start = message.IndexOf(ParameterStart, StringComparison.Ordinal); start >= 0; start = message.IndexOf(ParameterStart, StringComparison.Ordinal))
        {
            int end = message.IndexOf(ParameterEnd, start, StringComparison.Ordinal);
            if (end < 0)
                break;
            message = message.Remove(start, end + ParameterEnd.Length - start);
        }

        return message.Trim();
    }

    /// <summary>Whether an assembly or a native library could not be loaded.</summary>
    private static bool IsLoading(Exception e) =>
        e is FileLoadException or BadImageFormatException or DllNotFoundException
        || (e is FileNotFoundException { FileName: { } name } && name.Contains(", Version=", StringComparison.Ordinal));
}
