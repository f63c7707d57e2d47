using Gir.Evaluation;
using Spectre.Console;

namespace Gir.Samples.Evaluate;

/// <summary>A bar while a benchmark runs, where somebody is watching.</summary>
internal static class ProgressBar
{
    public static Task<T> ShowAsync<T>(IAnsiConsole console, Func<IProgress<BenchmarkProgress>?, Task<T>> run)
    {
        if (!console.Profile.Capabilities.Interactive)
            return run(null);
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => run(new Bar(context.AddTask("starting"))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<BenchmarkProgress>
    {
        public void Report(BenchmarkProgress value)
        {
            task.MaxValue = value.Total;
            task.Value = value.Done;
            task.Description = Markup.Escape(value.Restorer is null ? $"{value.Resumed} results taken over" : $"task {value.Task}, {value.Image}, {value.Restorer}");
        }
    }
}
