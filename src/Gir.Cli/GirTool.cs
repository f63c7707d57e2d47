using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Gir.Cli.Completion;
using Gir.Cli.Dataset;
using Gir.Cli.Degrade;
using Gir.Cli.Doctor;
using Gir.Cli.Evaluate;
using Gir.Cli.Explain;
using Gir.Cli.Opinions;
using Gir.Cli.Real;
using Gir.Cli.Restore;
using Gir.Cli.Score;
using Gir.Cli.SelectTasks;
using Gir.Cli.Serve;
using Gir.Cli.Shell;
using Gir.Cli.Study;
using Gir.Cli.Sweep;
using Gir.Cli.Train;
using Gir.Cli.Worker;

namespace Gir.Cli;

/// <summary>The tool: one way of options, errors and exit codes for all commands.</summary>
internal static class GirTool
{
    // A file may be called @x.png: nothing is read from "response files".
    private static readonly ParserConfiguration s_parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        try
        {
            (ParseResult parsed, Option<bool> quiet) = Parse(arguments, terminal);
            if (parsed.Action is ParseErrorAction)
                return Failures.Tell(terminal, ParseErrors.Describe(parsed));
            if (parsed.Action is not HelpAction)
                ParseErrors.RequireValues(parsed.CommandResult);
            terminal.Quiet = parsed.GetValue(quiet);
            var streams = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Output,
                Error = terminal.Error,
            };
            return await parsed.InvokeAsync(streams, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Error.WriteLine("Stopped.");
            return ExitCode.Canceled;
        }
        catch (Exception e)
        {
            return Failures.Tell(terminal, e);
        }
        finally
        {
            await terminal.Output.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>What is wrong with a command line, without running it; null: nothing.</summary>
    public static string? Complaint(IReadOnlyList<string> arguments, Terminal terminal)
    {
        (ParseResult parsed, _) = Parse(arguments, terminal);
        return parsed.Action is ParseErrorAction ? ParseErrors.Describe(parsed) : null;
    }

    private static (ParseResult Parsed, Option<bool> Quiet) Parse(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Neither progress nor notes nor closing words; results and errors only.", Recursive = true };
        return (Create(terminal, quiet).Parse(arguments, s_parsing), quiet);
    }

    private static RootCommand Create(Terminal terminal, Option<bool> quiet)
    {
        var root = new RootCommand("Degrades images the way the world does, restores them, measures the result and judges how general a restorer is.")
        {
            quiet,
            DegradeCommandLine.Create(terminal),
            DatasetCommandLine.Create(terminal),
            RestoreCommandLine.Create(terminal),
            ScoreCommandLine.Create(terminal),
            EvaluateCommandLine.Create(terminal),
            WorkerCommandLine.Create(terminal),
            RealCommandLine.Create(terminal),
            SweepCommandLine.Create(terminal),
            StudyCommandLine.Create(terminal),
            SelectTasksCommandLine.Create(terminal),
            OpinionsCommandLine.Create(terminal),
            TrainCommandLine.Create(terminal),
            ExplainCommandLine.Create(terminal),
            ServeCommandLine.Create(terminal),
            DoctorCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        root.SetAction(HelpText.Show);
        return root;
    }
}
