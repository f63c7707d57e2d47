using Gir.Cli.Evaluate;
using Gir.Cli.Shell;
using Gir.Models.Restoration;

namespace Gir.Cli.Worker;

/// <summary>A machine's part in a cluster.</summary>
internal static class WorkerCommand
{
    public static async Task<int> RunAsync(
        string cluster, IReadOnlyList<string> names, string? wrapper, int threads, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(threads);
        IReadOnlyList<IRestorer> restorers = RestorerChoice.Of(names, wrapper);
        try
        {
            await OptionalPackages.Cluster(cluster).ServeAsync(cluster, restorers, threads, message => terminal.Note($"worker: {message}"), cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--cluster: {e.Message}");
        }

        return ExitCode.Fine;
    }
}
