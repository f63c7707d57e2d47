using System.Globalization;
using Gir.Cli.Evaluate;
using Gir.Cli.Shell;
using Gir.Evaluation.Recipes;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Models.Training;

namespace Gir.Cli.Train;

/// <summary>The command line of "lines".</summary>
internal sealed record LinesSettings(
    string Acceptance, RecipeOverrides AcceptanceOverrides, string Excellence, RecipeOverrides ExcellenceOverrides, IReadOnlyList<string> Tasks, string TestSet, string? Shard, RunSettings Run);

/// <summary>Trains the acceptance and excellence lines of tasks.</summary>
internal static class LinesCommand
{
    public static async Task<int> RunAsync(LinesSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> tasks = settings.Tasks.Count > 0 ? settings.Tasks : ["single"];
        var training = new LineTraining(
            Recipes.Find(settings.Acceptance, settings.AcceptanceOverrides),
            Recipes.Find(settings.Excellence, settings.ExcellenceOverrides),
            tasks,
            TestSet.Load(settings.TestSet),
            new RecipeTrainingOptions { Output = settings.Run.Output, Parallelism = new Parallelism(settings.Run.Threads) },
            settings.Shard is null ? null : ShardRun.ParseShard(settings.Shard));
        using CancellationTokenSource limit = TrainCommand.Prepare(settings.Run, cancellationToken);
        LineTrainingResult? result = null;
        try
        {
            result = await training.RunAsync(new View(terminal), limit.Token);
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
