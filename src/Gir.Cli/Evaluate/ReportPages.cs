using System.Runtime.InteropServices;
using Gir.Cli.Shell;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Models.Restoration;
using Gir.Reports;

namespace Gir.Cli.Evaluate;

/// <summary>The page of an evaluation, with pictures that are made again.</summary>
internal static class ReportPages
{
    public const int MostPictures = 50;

    public static async Task<EvaluationPage> MakeAsync(
        EvaluateSettings settings,
        Benchmark benchmark,
        GeneralityReport report,
        IReadOnlyList<IRestorer> restorers,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        Terminal terminal,
        CancellationToken cancellationToken)
    {
        var options = new ReportPicturesOptions { Count = settings.Pictures };
        IReadOnlyList<ReportComparison> comparisons = settings.Pictures == 0 || restorers.Count == 0 ? [] : await new ProgressView(terminal).ShowAsync(
            "Drawing", 1, _ => Task.Run(() => ReportPictures.Compare(benchmark, report, restorers, tasks, images, options, cancellationToken), cancellationToken));
        IReadOnlyList<ResultRecord> results = Results(settings, benchmark.Describe(tasks, images));
        IReadOnlyList<ReportPanel> worst = settings.Pictures == 0 || restorers.Count == 0 ? [] : await new ProgressView(terminal).ShowAsync(
            "Drawing", 1, _ => Task.Run(() => ReportPictures.Worst(benchmark, report, results, restorers, tasks, images, options, cancellationToken), cancellationToken));
        return new EvaluationPage(report)
        {
            Results = results,
            WorstImages = worst,
            Comparisons = comparisons,
            Settings =
            [
                KeyValuePair.Create("Runtime", RuntimeInformation.FrameworkDescription),
                KeyValuePair.Create("System", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}"),
            ],
        };
    }

    /// <summary>What other commands left for the page.</summary>
    public static IReadOnlyList<ReportPanel> Panels(EvaluateSettings settings) => ReportPanels.Load(settings.Panels ?? Path.Combine(settings.Output, "panels"));

    private static IReadOnlyList<ResultRecord> Results(EvaluateSettings settings, EvaluationConfiguration configuration)
    {
        using ResultStore store = ResultStore.Open(Path.Combine(settings.Output, "results.jsonl"), configuration);
        return store.ToList();
    }
}
