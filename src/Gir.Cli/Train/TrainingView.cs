using System.Globalization;
using Gir.Cli.Shell;
using Gir.Imaging.Observability;
using Gir.Models.Generative;
using Gir.Models.Training;
using Spectre.Console;

namespace Gir.Cli.Train;

/// <summary>Tells how far a training is: a bar where somebody is watching, else a line now and then.</summary>
internal sealed class TrainingView(Terminal terminal)
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(10);

    private bool ShowsBar => terminal.ErrorIsTerminal && !terminal.Quiet;

    /// <summary>Counts images while they are made.</summary>
    public T ShowImages<T>(int count, Func<IProgress<int>?, T> work)
    {
        if (ShowsBar)
            return Bar("making images", count, task => work(new Told<int>(done => task.Value = done)));
        terminal.Say($"Making {count} images.");
        return work(null);
    }

    public TrainingResult Show(string name, Func<IProgress<TrainingProgress>, TrainingResult> train)
    {
        if (ShowsBar)
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
            if (last is { } before && terminal.Time.GetElapsedTime(before) < s_between && p.Step < p.Total)
                return;
            last = terminal.Time.GetTimestamp();
            terminal.Say($"{name}: {Describe(p)}");
        }));
    }

    /// <summary>Shows the stages of a generative training.</summary>
    /// <param name="train">Trains; tells how far it is.</param>
    /// <param name="told">Is told of every report.</param>
    public bool ShowStages(Func<IProgress<GenerativeTrainingProgress>, bool> train, Action<GenerativeTrainingProgress> told)
    {
        if (ShowsBar)
        {
            return Bar("stages", 1, task => train(new Told<GenerativeTrainingProgress>(p =>
            {
                told(p);
                task.MaxValue = p.Total;
                task.Value = p.Step;
                task.Description = Markup.Escape(Describe(p));
            })));
        }

        long? last = null;
        return train(new Told<GenerativeTrainingProgress>(p =>
        {
            told(p);
            if (last is { } before && terminal.Time.GetElapsedTime(before) < s_between && p.Step < p.Total)
                return;
            last = terminal.Time.GetTimestamp();
            terminal.Say(Describe(p));
        }));
    }

    /// <summary>One line.</summary>
    public static string Describe(GenerativeTrainingProgress progress) => string.Create(CultureInfo.InvariantCulture, $"{progress.Stage}: {progress.Step}/{progress.Total}")
        + string.Concat(progress.Numbers.Select(n => string.Create(CultureInfo.InvariantCulture, $"  {n.Key} {n.Value:F4}")));

    private T Bar<T>(string description, double count, Func<ProgressTask, T> work) => terminal.CreateErrorConsole().Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .Start(context => work(context.AddTask(description, maxValue: count)));

    /// <summary>One line.</summary>
    public static string Describe(TrainingProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Step}/{progress.Total}  loss {progress.Loss:F5}  rate {progress.LearningRate:0.0e+0}  {progress.StepsPerSecond:F2} it/s  left {(progress.Remaining is { } left ? ProgressView.Left(left) : "?")}  waiting for patches {progress.DataWaitShare:P0}")
        + (progress.Validation is { } psnr ? string.Create(CultureInfo.InvariantCulture, $"  validation {psnr:F2} dB") : "");
}
