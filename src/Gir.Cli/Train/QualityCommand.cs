using System.Globalization;
using Gir.Cli.Shell;
using Gir.Evaluation.Quality;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Spectre.Console;

namespace Gir.Cli.Train;

/// <summary>The command line of "train quality".</summary>
internal sealed record QualitySettings(string Recipe, string? Images, string? Test, RunSettings Run);

/// <summary>Trains a learned quality model and tests it.</summary>
internal static class QualityCommand
{
    public static int Run(QualitySettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = TrainCommand.Prepare(settings.Run, cancellationToken);
        var training = new QualityTraining(settings.Recipe, new QualityTrainingOptions
        {
            Images = settings.Images,
            Test = settings.Test,
            Output = settings.Run.Output,
            Parallelism = new Parallelism(settings.Run.Threads),
        });
        OutputFolder.Prepare(settings.Run.Output, "--output");
        try
        {
            new TrainingView(terminal).ShowImages(training.SceneCount, told =>
            {
                training.Measure(told, limit.Token);
                return training.SceneCount;
            });
            if (!training.Train(new Told<QualityProgress>(p => Say(p, terminal)), limit.Token))
                return Stopped(terminal, "while a network was trained", cancellationToken);
            terminal.Say($"Models: {training.ModelPath("nr")}, {training.ModelPath("fr")}");
            if (settings.Test is not null)
                Print(training.Judge(limit.Token), terminal);
            return ExitCode.Fine;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Stopped(terminal, "while features were measured", cancellationToken);
        }
    }

    private static int Stopped(Terminal terminal, string when, CancellationToken interrupted)
    {
        terminal.Error.WriteLine($"Stopped {when}; the same command goes on from there.");
        return interrupted.IsCancellationRequested ? ExitCode.Canceled : ExitCode.Fine;
    }

    private static void Say(QualityProgress progress, Terminal terminal)
    {
        if (progress.Step % 1000 == 0 || progress.Step == progress.Total)
        {
            terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{progress.Model}: {progress.Step}/{progress.Total}  fidelity {progress.Fidelity:F4}  divergence {progress.Divergence:F4}"));
        }
    }

    private static void Print(QualityGateReport report, Terminal terminal)
    {
        Table table = Tables.New($"{report.Model} on {report.Scenes} scenes", "metric", ["reference", "sweeps", "unseen sweeps", "SRCC within scenes"]);
        foreach (QualityGateRow row in report.Rows)
            table.AddRow(Tables.Cells(row.Metric, row.NeedsReference ? "yes" : "no", Share(row.Sweeps), Share(row.Unseen), Tables.Similarity(row.WithinScene)));
        terminal.Console.Write(table);
        foreach (string model in report.Rows.Select(r => r.Metric).Where(m => m.StartsWith("gir-iqa", StringComparison.Ordinal)))
            terminal.Output.WriteLine($"{model}: the gate is {(report.IsMet(model) ? "met" : "not met")}.");
    }

    private static string Share(double share) => double.IsNaN(share) ? Tables.Nothing : share.ToString("P1", CultureInfo.InvariantCulture);
}
