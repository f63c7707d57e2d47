using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Gir.Cli.Shell;

/// <summary>A command's help where it was called without saying what to do.</summary>
internal static class HelpText
{
    /// <summary>Whether a command was called without any option.</summary>
    public static bool IsBare(ParseResult parsed) => parsed.CommandResult.Children.OfType<OptionResult>().All(o => o.Implicit);

    /// <summary>Prints the help; exit code 2, since nothing was done.</summary>
    public static int Show(ParseResult parsed)
    {
        new HelpAction().Invoke(parsed);
        return ExitCode.Usage;
    }
}
