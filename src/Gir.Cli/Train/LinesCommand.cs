using System.Globalization;
using Gir.Cli.Evaluate;
using Gir.Cli.Shell;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Recipes;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Models.Training;

namespace Gir.Cli.Train;

/// <summary>The command line of "lines".</summary>
internal sealed record LinesSettings(
    string Acceptance, RecipeOverrides AcceptanceOverrides, string Excellence, RecipeOverrides ExcellenceOverrides, IReadOnlyList<string> Tasks, string TestSet, string? Shard, string? Cluster, RunSettings Run);

/// <summary>Trains the acceptance and excellence lines of tasks.</summary>
internal static class LinesCommand
{
    public static async Task<int> RunAsync(LinesSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> tasks = settings.Tasks.Count > 0 ? settings.Tasks : ["single"];
        if (settings is { Cluster: not null, Shard: not null })
            throw new UsageException("--cluster and --shard: expected one of them; a cluster shares the networks out by itself.");
        TrainingRecipe acceptance = Recipes.Find(settings.Acceptance, settings.AcceptanceOverrides), excellence = Recipes.Find(settings.Excellence, settings.ExcellenceOverrides);
        if (settings.Cluster is not null)
            (acceptance, excellence) = (ForOthers(acceptance), ForOthers(excellence));
        var training = new LineTraining(
            acceptance,
            excellence,
            tasks,
            TestSet.Load(settings.TestSet),
            new RecipeTrainingOptions { Output = settings.Run.Output, Parallelism = new Parallelism(settings.Run.Threads) },
            settings.Shard is null ? null : ShardRun.ParseShard(settings.Shard));
        using CancellationTokenSource limit = TrainCommand.Prepare(settings.Run, cancellationToken);
        LineTrainingResult? result = null;
        try
        {
            var view = new View(terminal);
            if (settings.Cluster is { } address)
                await OnClusterAsync(address, LineTerms.Of(acceptance, excellence, tasks, settings.TestSet, settings.Run.Output), view, terminal, limit.Token);
            result = await training.RunAsync(settings.Cluster is null ? view : null, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // Before or between trainings; those have been saved.
        }

        if (result is not null)
            LinesTable.Print(terminal.Console, result.Lines, training.LinesPath);
        foreach (string task in result?.Refused ?? [])
            terminal.Error.WriteLine($"Task {task} has no lines: its excellence network is still worse than its acceptance network; train it longer.");
        if (result is { IsComplete: true })
            return 0;
        terminal.Error.WriteLine($"Stopped{(result is null ? "" : $" after {result.Done} of {result.Total} tasks")}; the same command goes on from there.");
        return cancellationToken.IsCancellationRequested ? ExitCode.Canceled : ExitCode.Fine;
    }

    private static async Task OnClusterAsync(string address, LineTerms terms, View view, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            await using IBenchmarkClusterConnection cluster = await OptionalPackages.Cluster(address).ConnectAsync(address, terminal.Note, cancellationToken);
            await cluster.TrainLinesAsync(terms, view, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--cluster: {e.Message}");
        }
    }

    /// <summary>The recipe with full paths: workers have working folders of their own.</summary>
    private static TrainingRecipe ForOthers(TrainingRecipe recipe) => recipe with
    {
        Initial = recipe.Initial is { } initial ? Path.GetFullPath(initial) : null,
        Images = recipe.Images with { Folder = recipe.Images.Folder is { } folder ? Path.GetFullPath(folder) : null },
    };

    private sealed class View(Terminal terminal) : IProgress<LineTrainingProgress>
    {
        private static readonly TimeSpan s_between = TimeSpan.FromSeconds(10);
        private long? _last;

        public void Report(LineTrainingProgress value)
        {
            string name = $"[{value.Index + 1}/{value.Total}] task {value.Task}, {value.Kind}";
            if (value.Psnr is { } psnr)
            {
                terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {psnr:F2} dB"));
                return;
            }

            if (value.Training is null)
                terminal.Say($"{name}: making images");
            if (value.Training is not { } training || (_last is { } before && terminal.Time.GetElapsedTime(before) < s_between && training.Step < training.Total))
                return;
            _last = terminal.Time.GetTimestamp();
            terminal.Say($"{name}: {TrainingView.Describe(training)}");
        }
    }
}
