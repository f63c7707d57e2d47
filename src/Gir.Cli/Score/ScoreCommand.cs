using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Metrics;

namespace Gir.Cli.Score;

/// <summary>Scores every image and prints scores and averages.</summary>
internal static class ScoreCommand
{
    public static async Task<int> RunAsync(ScoreSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        Action<IReadOnlyList<ImageScores>> print = ScoreOutput.Find(settings.Format, terminal);
        MetricSelection metrics = MetricSelection.Create(settings);
        IReadOnlyList<(string Image, string? Reference)> pairs = Pair(settings);
        var results = new ImageScores[pairs.Count];
        int done = 0;
        await new ProgressView(terminal).ShowAsync("Scoring", pairs.Count, progress => Parallel.ForAsync(
            0,
            pairs.Count,
            new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellationToken },
            (i, _) =>
            {
                results[i] = Score(pairs[i], metrics, new Parallelism(Math.Max(1, settings.Threads / pairs.Count)));
                progress.Report(new WorkProgress(Interlocked.Increment(ref done)));
                return ValueTask.CompletedTask;
            }));
        print(results);
        return 0;
    }

    private static ImageScores Score((string Image, string? Reference) pair, MetricSelection metrics, Parallelism parallelism)
    {
        ImageBuffer image = InputImages.SplitAlpha(ImageFile.Load(pair.Image)).Color;
        ImageBuffer? reference = pair.Reference is null ? null : InputImages.SplitAlpha(ImageFile.Load(pair.Reference)).Color;
        try
        {
            return new ImageScores(Path.GetFileName(pair.Image), metrics.Measure(image, reference, parallelism));
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{pair.Image}: {e.Message}");
        }
    }

    /// <summary>Images with their references: by name in folders, with or without the same extension.</summary>
    private static IReadOnlyList<(string Image, string? Reference)> Pair(ScoreSettings settings)
    {
        IReadOnlyList<string> images = InputImages.Find(settings.Image);
        if (settings.Reference is null)
            return [.. images.Select(i => (i, (string?)null))];
        if (File.Exists(settings.Reference))
        {
            return images.Count == 1
                ? [(images[0], settings.Reference)]
                : throw new UsageException($"'{settings.Reference}' is one file, but '{settings.Image}' holds {images.Count} images; expected a folder of references.");
        }

        ILookup<string, string> references = InputImages.Find(settings.Reference).ToLookup(r => Path.GetFileNameWithoutExtension(r), StringComparer.Ordinal);
        return [.. images.Select(i => (i, (string?)Match(i, references, settings.Reference)))];
    }

    private static string Match(string image, ILookup<string, string> references, string folder)
    {
        string[] candidates = [.. references[Path.GetFileNameWithoutExtension(image)]];
        string? exact = candidates.FirstOrDefault(c => Path.GetFileName(c) == Path.GetFileName(image));
        return exact ?? candidates.Length switch
        {
            1 => candidates[0],
            0 => throw new UsageException($"'{folder}' has no reference for '{Path.GetFileName(image)}'."),
            _ => throw new UsageException($"'{folder}' has several references for '{Path.GetFileName(image)}': {string.Join(", ", candidates.Select(Path.GetFileName))}."),
        };
    }
}

/// <summary>All scores of one image.</summary>
internal sealed record ImageScores(string Image, IReadOnlyList<MetricScore> Scores)
{
    /// <summary>The mean of every metric, under the name "average".</summary>
    public static ImageScores Average(IReadOnlyList<ImageScores> all) => new(
        "average",
        [.. all[0].Scores.Select((score, i) => score with { Value = all.Average(a => a.Scores[i].Value) })]);
}
