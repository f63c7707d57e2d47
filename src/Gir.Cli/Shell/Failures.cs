using System.Text.RegularExpressions;
using Gir.Imaging;

namespace Gir.Cli.Shell;

/// <summary>What went wrong, in one line on the error stream.</summary>
internal static partial class Failures
{
    /// <summary>Whether a failure is one that the user can put right.</summary>
    public static bool IsExpected(Exception e) =>
        e is UsageException or GirException or IOException or UnauthorizedAccessException or InvalidDataException;

    /// <summary>Tells an expected failure.</summary>
    public static int Tell(Terminal terminal, string message)
    {
        terminal.Error.WriteLine("error: " + OneLine(message));
        return ExitCode.Usage;
    }

    /// <summary>Tells a failure of any kind and how to report it.</summary>
    public static int TellBug(Terminal terminal, Exception e)
    {
        if (e is OutOfMemoryException)
            return Tell(terminal, $"There is not enough memory. {e.Message} Fewer --threads, smaller images or, in restore, a smaller --memory need less.");
        string place = e.StackTrace?.Split('\n')[0].Trim() is { Length: > 0 } first ? ", " + first : "";
        terminal.Error.WriteLine($"error: this is a mistake of gir's own; please report it with the command and this line: {e.GetType().Name}: {OneLine(e.Message)}{place}");
        return ExitCode.Bug;
    }

    /// <summary>A message without line ends, and without what a method calls its parameter, which means nothing to a user.</summary>
    public static string OneLine(string message) => MethodParameter().Replace(Imaging.Text.OneLine.Of(message.ReplaceLineEndings(" ")), "");

    [GeneratedRegex(@" \(Parameter '\w+'\)")]
    private static partial Regex MethodParameter();
}
