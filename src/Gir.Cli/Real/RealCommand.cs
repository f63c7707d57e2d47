using Gir.Cli.Evaluate;
using Gir.Cli.Shell;
using Gir.Evaluation;
using Gir.Evaluation.RealWorld;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Reports;
using Spectre.Console;

namespace Gir.Cli.Real;

/// <summary>Restores real images and prints a table for each metric: restorers down, types across.</summary>
internal static class RealCommand
{
    public static async Task<int> RunAsync(RealSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        CommonOptions.RequireLimit(settings.Limit);
        foreach ((string option, string? folder) in new[] { ("--images", settings.Images), ("--references", settings.References) })
        {
            if (folder is not null && !Directory.Exists(folder))
                throw new UsageException($"{option} {folder}: there is no such folder.");
        }

        RealWorldSet set = RealWorldSet.Load(settings.Images, settings.References, settings.Limit);
        int total = set.Types.Sum(t => t.Images.Count);
        var leftOut = new LeftOut(terminal, settings.Strict);
        RealWorldOptions options = Options(settings) with { LeaveOut = (image, e) => leftOut.Add(image.Path, e) };
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = settings.Threads });
        IReadOnlyList<IRestorer> restorers = RestorerChoice.Of(settings.Restorers, settings.Wrapper);
        Guard(settings, set);
        if (settings.DryRun)
        {
            terminal.Output.WriteLine($"{Words.Count(total, "image")} of {Words.Count(set.Types.Count, "type")} ({string.Join(", ", set.Types.Select(t => t.Name))}) x {Words.Count(restorers.Count, "restorer")}");
            return ExitCode.Fine;
        }

        if (settings.Output is { } file)
            OutputFolder.PrepareFor(file, "--output");
        RealWorldReport report = await new ProgressView(terminal).ShowAsync(
            "Restoring",
            total * (restorers.Count + 1.0),
            progress => RealWorldEvaluation.RunAsync(restorers, set, options, new Told<int>(done => progress.Report(new WorkProgress(done))), cancellationToken));
        if (settings.Output is { } path)
            report.Save(path);
        if (settings.Json)
            terminal.Output.Write(report.ToJson());
        else
            Print(terminal.Console, report);
        return leftOut.Close(total);
    }

    private static RealWorldOptions Options(RealSettings settings)
    {
        string names = settings.Metrics.Length > 0 ? settings.Metrics : settings.References is null ? "niqe" : "niqe,psnr,ssim";
        BenchmarkOptions chosen = EvaluateCommand.WithMetrics(names, new BenchmarkOptions());
        // The benchmark's set always holds PSNR; here it is there where it was asked for.
        bool isAll = EvaluateCommand.IsAll(names);
        bool hasPsnr = isAll || names.Split(',', StringSplitOptions.TrimEntries).Contains("psnr");
        var options = new RealWorldOptions
        {
            FullReference = isAll && settings.References is null ? [] : [.. chosen.FullReference.Where(m => hasPsnr || m.Name != "psnr")],
            NoReference = chosen.NoReference,
            Parallelism = new Parallelism(settings.Threads),
        };
        if (options.FullReference.Count > 0 && settings.References is null)
            throw new UsageException($"--metrics {options.FullReference[0].Name}: needs --references.");
        return options;
    }

    private static void Guard(RealSettings settings, RealWorldSet set)
    {
        if (settings.Output is null)
            return;
        var guard = new FileGuard();
        foreach (RealWorldImage image in set.Types.SelectMany(t => t.Images))
        {
            guard.Reads(image.Path, "one of the images");
            guard.Reads(image.Reference, "one of the ground truths");
        }

        foreach (string name in RestorerChoice.Names(settings.Restorers))
            guard.Reads(name, "the file of --restorer");
        guard.Writes(settings.Output, "the report", settings.Force);
    }

    private static void Print(IAnsiConsole console, RealWorldReport report)
    {
        IReadOnlyList<string> groups = report.Groups;
        foreach (EvaluatedMetric metric in report.Metrics)
        {
            bool needsReference = report.Restorers.All(r => r.ByType.Zip(report.Types).All(p => p.Second.References > 0 || double.IsNaN(p.First[metric.Name])));
            Table table = Tables.New(
                $"{metric.Name.ToUpperInvariant()} ({ReportWords.Best(metric)})",
                "restorer",
                [
                    .. report.Types.Select(t => $"{t.Name.Replace('/', '\n')}\n({(needsReference ? t.References : t.Images)})"),
                    .. groups.Select(g => $"mean of\n{g}"),
                    "mean",
                ]);
            foreach (RealWorldResult result in report.Restorers)
            {
                table.AddRow(Tables.Cells(
                [
                    result.Restorer == ResultRecord.InputName ? ReportWords.Input : ReportWords.WithoutSettings(result.Restorer),
                    .. result.ByType.Select(m => Text(metric, m[metric.Name])),
                    .. groups.Select(g => Text(metric, report.Average(result, metric.Name, g))),
                    Text(metric, report.Average(result, metric.Name)),
                ]));
            }

            console.Write(table);
        }

        console.WriteLine("In parentheses the number of images; a mean is over types, each of which counts the same.");
    }

    private static string Text(EvaluatedMetric metric, double value) =>
        double.IsNaN(value) ? Tables.Nothing : metric.Name is "psnr" or "niqe" ? Tables.Decibels(value) : Tables.Similarity(value);
}
