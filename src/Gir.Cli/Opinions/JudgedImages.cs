using Gir.Cli.Score;
using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Metrics;
using Gir.Metrics.Opinions;

namespace Gir.Cli.Opinions;

/// <summary>Measures the images that people judged; an image is found by its path below the folder or by its name alone, whatever the case.</summary>
internal sealed class JudgedImages(OpinionsSettings settings, Terminal terminal, LeftOut leftOut)
{
    private const int MostFiles = 1_000_000;

    /// <summary>One metric after the other, each with a score for every image that could be measured.</summary>
    public async Task<IReadOnlyList<OpinionMetric>> MeasureAsync(IReadOnlyList<Opinion> opinions, CancellationToken cancellationToken)
    {
        bool hasReferences = opinions.Any(o => o.Reference is not null);
        MetricSelection metrics = MetricSelection.Create(new ScoreSettings
        {
            Image = settings.Images!,
            Reference = hasReferences ? settings.References ?? settings.Images : null,
            Metrics = settings.Metrics,
            Profile = "default",
            Format = "table",
            Threads = settings.Threads,
        });
        Dictionary<string, string> images = Index("--images", settings.Images!);
        Dictionary<string, string> references = settings.References is { } folder ? Index("--references", folder) : images;
        var measured = new ImageScores?[opinions.Count];
        int done = 0;
        await new ProgressView(terminal).ShowAsync("Measuring", opinions.Count, progress => Parallel.ForAsync(
            0,
            opinions.Count,
            new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellationToken },
            (i, _) =>
            {
                measured[i] = Measure(opinions[i], images, references, metrics);
                progress.Report(new WorkProgress(Interlocked.Increment(ref done)));
                return ValueTask.CompletedTask;
            }));
        return [.. metrics.Names.Select(name => Collect(name, opinions, measured)).OfType<OpinionMetric>()];
    }

    private ImageScores? Measure(Opinion opinion, Dictionary<string, string> images, Dictionary<string, string> references, MetricSelection metrics)
    {
        try
        {
            string path = Find(opinion.Image, images, settings.Images!);
            ImageBuffer image = InputImage.File(path).Load().Color;
            ImageBuffer? reference = null;
            if (metrics.FullReference.Count > 0)
            {
                string name = opinion.Reference ?? throw new UsageException($"the opinions name no reference of '{opinion.Image}'.");
                reference = InputImage.File(Find(name, references, settings.References ?? settings.Images!)).Load().Color;
                if (!reference.HasShapeOf(image))
                    throw new UsageException($"{path} is {image}, but its reference {name} is {reference}; expected the same.");
            }

            return metrics.Measure(opinion.Image, image, reference, Parallelism.Sequential);
        }
        catch (Exception e) when (LeftOut.IsInputs(e))
        {
            leftOut.Add(opinion.Image, e);
            return null;
        }
    }

    private static OpinionMetric? Collect(string metric, IReadOnlyList<Opinion> opinions, ImageScores?[] measured)
    {
        var values = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        MetricScore? any = null;
        for (int i = 0; i < measured.Length; i++)
        {
            if (measured[i]?.Scores.TryGetValue(metric, out MetricScore score) == true)
                (values[opinions[i].Image], any) = (score.Value, score);
        }

        return any is { } known ? new OpinionMetric(metric, values, known.HigherIsBetter) { ZeroIsBest = known.ZeroIsBest } : null;
    }

    private static string Find(string name, Dictionary<string, string> files, string folder) =>
        files.TryGetValue(name, out string? path) || files.TryGetValue(Path.GetFileName(name), out path)
            ? path
            : throw new UsageException($"'{folder}' has no '{name}'.");

    private static Dictionary<string, string> Index(string option, string folder)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"{option} {folder}: there is no such folder.");
        var files = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 8, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (string file in Directory.EnumerateFiles(folder, "*", all).Where(f => ImageCodecs.FindByExtension(f) is not null).Take(MostFiles).Order(StringComparer.Ordinal))
        {
            files.TryAdd(Path.GetFileName(file), file);
            files[Path.GetRelativePath(folder, file).Replace('\\', '/')] = file;
        }

        return files.Count > 0 ? files : throw new UsageException($"{option} {folder}: holds no image files.");
    }
}
