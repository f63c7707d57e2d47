using System.Globalization;
using Gir.Models.Training;
using Spectre.Console;

namespace Gir.Samples.Train;

/// <summary>Tells how far a training is: a bar where somebody is watching, else a line now and then.</summary>
internal sealed class TrainingView(IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(10);

    /// <summary>Counts images while they are made.</summary>
    public T ShowImages<T>(int count, Func<IProgress<int>?, T> work)
    {
        if (console.Profile.Capabilities.Interactive)
            return Bar("making images", count, task => work(new Told<int>(done => task.Value = done)));
        console.WriteLine($"Making {count} images.");
        return work(null);
    }

    public TrainingResult Show(string name, Func<IProgress<TrainingProgress>, TrainingResult> train)
    {
        if (console.Profile.Capabilities.Interactive)
        {
            return Bar(Markup.Escape(name), 1, task => train(new Told<TrainingProgress>(p =>
            {
                task.MaxValue = p.Total;
                task.Value = p.Step;
                task.Description = Markup.Escape($"{name}: {Describe(p)}");
            })));
        }

        long? last = null;
        return train(new Told<TrainingProgress>(p =>
        {
            if (last is { } before && time.GetElapsedTime(before) < s_between && p.Step < p.Total)
                return;
            last = time.GetTimestamp();
            console.WriteLine($"{name}: {Describe(p)}");
        }));
    }

    private T Bar<T>(string description, double count, Func<ProgressTask, T> work) => console.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .Start(context => work(context.AddTask(description, maxValue: count)));

    /// <summary>One line.</summary>
    public static string Describe(TrainingProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Step}/{progress.Total}  loss {progress.Loss:F5}  rate {progress.LearningRate:0.0e+0}  {progress.StepsPerSecond:F2} it/s  left {Remaining(progress.Remaining)}  waiting for patches {progress.DataWaitShare:P0}")
        + (progress.Validation is { } psnr ? string.Create(CultureInfo.InvariantCulture, $"  validation {psnr:F2} dB") : "");

    private static string Remaining(TimeSpan? time) => time is not { } left
        ? "?"
        : left.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours}h{left.Minutes:00}m")
            : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}m{left.Seconds:00}s");

    /// <summary>Unlike the framework's, tells at once and in order.</summary>
    private sealed class Told<T>(Action<T> told) : IProgress<T>
    {
        public void Report(T value) => told(value);
    }
}
