using Gir.Cli.Shell;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Metrics;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Spectre.Console;

namespace Gir.Cli.Evaluate;

/// <summary>Sets a benchmark up, runs it and shows the report.</summary>
internal static class EvaluateCommand
{
    public static async Task<int> RunAsync(EvaluateSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        IAnsiConsole console = terminal.Console;
        LineComparison comparison = settings.Strict ? LineComparison.Strict : LineComparison.AtLeast;
        if (settings.Published)
        {
            PublishedTable.Print(console, comparison);
            return 0;
        }

        Validate(settings);
        TestSet? set = settings.Images is null ? TestSet.Load(settings.TestSet ?? TestSet.Standard) : null;
        IReadOnlyList<DegradationTask> tasks = Tasks(settings, set);
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = settings.Threads });
        IReadOnlyList<IRestorer> restorers = RestorerChoice.Of(settings.Restorers);
        BenchmarkOptions options = WithMetrics(settings.Metrics, new BenchmarkOptions
        {
            Seed = settings.Seed ?? set?.Seed ?? 0,
            Parallelism = new Parallelism(settings.Threads),
            DepthEstimator = set is null && settings.Depth is null ? new HeuristicDepthEstimator() : null,
            ResultsPath = Path.Combine(settings.Output, "results.jsonl"),
            Generality = new GeneralityOptions { Comparison = comparison, MissingLines = MissingLines.LeaveOut },
        });
        IReadOnlyList<BenchmarkImage> images = set is null
            ? Photographs(settings, tasks.Any(t => t.Pipeline.UsesDepth))
            : [.. set.Images.Take(settings.Limit ?? int.MaxValue)];
        var benchmark = new Benchmark(options);
        QualityLines lines = LinesChoice.Of(settings.Lines, benchmark.Describe(tasks, images));
        if (set is not null && options.Seed == set.Seed)
            Verify(terminal, set, tasks, options.Parallelism, cancellationToken);
        Directory.CreateDirectory(settings.Output);
        if (settings.Force)
            File.Delete(options.ResultsPath!);

        GeneralityReport report = await new ProgressView(terminal).ShowAsync(
            "Evaluating",
            tasks.Count * (double)images.Count * restorers.Count,
            progress => benchmark.RunAsync(restorers, tasks, images, lines, new Told<BenchmarkProgress>(p => progress.Report(Describe(p))), cancellationToken));
        string path = Path.Combine(settings.Output, "report.json");
        report.Save(path);
        ReportTables.Print(console, report);
        terminal.Say($"Report: {path}");
        return 0;
    }

    private static void Validate(EvaluateSettings settings)
    {
        CommonOptions.RequireThreads(settings.Threads);
        if (settings.Limit < 1)
            throw new UsageException($"--limit {settings.Limit}: expected at least 1.");
        if (settings.Depth is not null && settings.Images is null)
            throw new UsageException("--depth goes with --images: scenes have exact depth of their own.");
        if (settings.TestSet is not null && settings.Images is not null)
            throw new UsageException("--test-set and --images: expected one of them.");
    }

    private static WorkProgress Describe(BenchmarkProgress progress) => new(
        progress.Done,
        progress.Total,
        progress.Restorer is null ? $"{progress.Resumed} results taken over" : $"task {progress.Task}, {progress.Image}, {progress.Restorer}");

    /// <summary>Tells, without stopping, where this platform degrades images otherwise than the one that the set was made on.</summary>
    private static void Verify(
        Terminal terminal, TestSet set, IReadOnlyList<DegradationTask> tasks, Parallelism parallelism, CancellationToken cancellationToken)
    {
        try
        {
            set.Verify(tasks, parallelism, cancellationToken);
        }
        catch (EvaluationException e)
        {
            terminal.Note("note: " + e.Message);
        }
    }

    private static DegradationTask[] Tasks(EvaluateSettings settings, TestSet? set)
    {
        IReadOnlyList<string> names = settings.Tasks.Count > 0 ? settings.Tasks : [set is null ? "representative" : "single"];
        return [.. names.SelectMany(n => n.Trim() == "cross" ? (set ?? TestSet.Load(TestSet.Standard)).CrossValidation : TaskSet.Parse(n)).DistinctBy(t => t.Id)];
    }

    private static BenchmarkOptions WithMetrics(string names, BenchmarkOptions options)
    {
        var catalog = new MetricCatalog();
        string[] wanted = [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Prepend("psnr").Distinct()];
        string[] known = [.. catalog.FullReference.Select(m => m.Name).Concat(catalog.NoReference.Select(m => m.Name))];
        if (wanted.FirstOrDefault(w => !known.Contains(w)) is { } unknown)
            throw new UsageException($"--metrics: there is no metric '{unknown}'; expected some of {string.Join(", ", known)}.");
        return options with
        {
            FullReference = [.. wanted.Where(w => catalog.FullReference.Any(m => m.Name == w)).Select(catalog.FindFullReference)],
            NoReference = [.. wanted.Where(w => catalog.NoReference.Any(m => m.Name == w)).Select(catalog.FindNoReference)],
        };
    }

    private static BenchmarkImage[] Photographs(EvaluateSettings settings, bool needDepth)
    {
        DepthMapFolder? depths = settings.Depth is null ? null : new DepthMapFolder(settings.Depth);
        return [.. InputImages.Find(settings.Images!, settings.Limit).Select(path => BenchmarkImage.FromFile(path, Path.GetFileName(path), needDepth ? Depth(depths, path) : null))];
    }

    private static ImageBuffer? Depth(DepthMapFolder? depths, string path)
    {
        if (depths is null)
            return null;
        ImageFileInfo info = ImageFile.ReadInfo(path);
        return depths.Load(path, info.Height, info.Width);
    }
}
