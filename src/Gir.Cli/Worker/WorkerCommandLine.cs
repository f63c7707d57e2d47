using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Worker;

/// <summary>The options of "worker".</summary>
internal static class WorkerCommandLine
{
    public static Command Create(Terminal terminal)
    {
        Option<string> cluster = CommonOptions.Cluster();
        cluster.Required = true;
        var restorers = new Option<string[]>("--restorer", "-r") { Description = "Restorers that this process has, as for evaluate; an evaluation's others are made elsewhere. Default: all classical ones and the trained models.", HelpName = "NAME" };
        Option<string?> wrapper = CommonOptions.Wrapper();
        Option<int> threads = CommonOptions.Threads("Images worked on at a time.");
        RestorerFactory.Complete(restorers);
        var command = new Command("worker", "Works for evaluations and trainings of lines on a cluster until it is stopped: \"gir evaluate --cluster\" and \"gir train lines --cluster\" share them out.") { cluster, restorers, wrapper, threads };
        command.SetAction((parsed, cancellationToken) => WorkerCommand.RunAsync(
            parsed.GetValue(cluster)!, parsed.GetValue(restorers) ?? [], parsed.GetValue(wrapper), parsed.GetValue(threads), terminal, cancellationToken));
        return command;
    }
}
