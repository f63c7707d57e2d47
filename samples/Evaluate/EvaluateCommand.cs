using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Published;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Metrics;
using Gir.Models.Restoration;
using Spectre.Console;

namespace Gir.Samples.Evaluate;

/// <summary>Sets a benchmark up, runs it and shows the report.</summary>
internal static class EvaluateCommand
{
    private const int DefaultScenes = 6;
    private const int SceneHeight = 256;
    private const int SceneWidth = 384;

    public static async Task<int> RunAsync(EvaluateSettings settings, CancellationToken cancellationToken)
    {
        IAnsiConsole console = SampleConsole.Create();
        LineComparison comparison = settings.Strict ? LineComparison.Strict : LineComparison.AtLeast;
        if (settings.Published)
        {
            PublishedTable.Print(console, comparison);
            return 0;
        }

        Validate(settings);
        IReadOnlyList<DegradationTask> tasks = Tasks(settings);
        IReadOnlyList<IRestorer> restorers = Restorers(settings.Restorers);
        QualityLines lines = Lines(settings.Lines);
        BenchmarkOptions options = WithMetrics(settings.Metrics, new BenchmarkOptions
        {
            Seed = settings.Seed,
            Parallelism = new Parallelism(settings.Threads),
            DepthEstimator = settings.Images is not null && settings.Depth is null ? new HeuristicDepthEstimator() : null,
            ResultsPath = Path.Combine(settings.Output, "results.jsonl"),
            Generality = new GeneralityOptions { Comparison = comparison },
        });
        IReadOnlyList<BenchmarkImage> images = settings.Images is null ? Scenes(settings) : Photographs(settings, tasks.Any(t => t.Pipeline.UsesDepth));
        Directory.CreateDirectory(settings.Output);
        if (settings.Force)
            File.Delete(options.ResultsPath!);

        GeneralityReport report = await ProgressBar.ShowAsync(
            console,
            progress => new Benchmark(options).RunAsync(restorers, tasks, images, lines, progress, cancellationToken));
        string path = Path.Combine(settings.Output, "report.json");
        report.Save(path);
        ReportTables.Print(console, report);
        console.WriteLine($"Report: {path}");
        return 0;
    }

    private static void Validate(EvaluateSettings settings)
    {
        if (settings.Threads < 1)
            throw new UsageException($"--threads {settings.Threads}: expected at least 1.");
        if (settings.Limit < 1)
            throw new UsageException($"--limit {settings.Limit}: expected at least 1.");
        if (settings.Depth is not null && settings.Images is null)
            throw new UsageException("--depth goes with --images: scenes have exact depth of their own.");
    }

    private static DegradationTask[] Tasks(EvaluateSettings settings)
    {
        IReadOnlyList<string> sets = settings.Tasks.Count > 0 ? settings.Tasks : [settings.Images is null ? "single" : "representative"];
        return [.. sets.SelectMany(TaskSet.Parse).DistinctBy(t => t.Id)];
    }

    private static IReadOnlyList<IRestorer> Restorers(IReadOnlyList<string> names)
    {
        try
        {
            return names.Count == 0 ? ClassicalRestorers.All : [.. names.Select(n => ClassicalRestorers.Find(n)).DistinctBy(r => r.Info.Name)];
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static QualityLines Lines(string lines) => lines switch
    {
        "input" => QualityLines.Input,
        "published" => PublishedResults.Lines,
        _ => LoadLines(lines),
    };

    private static QualityLines LoadLines(string path)
    {
        try
        {
            return QualityLines.Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--lines {path}: expected input, published or a JSON file of lines. {e.Message}");
        }
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

    private static BenchmarkImage[] Scenes(EvaluateSettings settings) =>
    [
        .. Enumerable.Range(0, settings.Limit ?? DefaultScenes).Select(i =>
        {
            Scene scene = SceneGenerator.Create(settings.Seed + (ulong)i, SceneHeight, SceneWidth, parallelism: new Parallelism(settings.Threads));
            return BenchmarkImage.FromBuffer($"scene-{i}", scene.Image, scene.Depth);
        }),
    ];

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
