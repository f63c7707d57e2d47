using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Metrics;

namespace Gir.Cli.Score;

/// <summary>Scores every image and prints scores and averages.</summary>
internal static class ScoreCommand
{
    public static async Task<int> RunAsync(ScoreSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        if (settings.List)
            return MetricList.Print(settings, terminal);
        if (settings.Image is null)
            throw new UsageException("Expected --image (or --list).");
        CommonOptions.RequireThreads(settings.Threads);
        if (SetScoreCommand.Asked(settings.Metrics) is { } ofFolders)
            return await SetScoreCommand.RunAsync(settings, ofFolders, terminal, cancellationToken);
        Action<ScoreTable> print = ScoreOutput.Find(settings.Format, terminal);
        MetricSelection metrics = MetricSelection.Create(settings);
        Gate[] gates = [.. settings.Gates.Select(g => Gate.Parse(g, metrics.Names))];
        InputImages images = InputImages.Find(settings.Image, terminal);
        var leftOut = new LeftOut(terminal, stops: settings.Strict || !images.IsFolder);
        IReadOnlyList<Pair> pairs = await Pairs.FindAsync(settings, images, terminal, leftOut, cancellationToken);
        if (settings.DryRun)
        {
            foreach (Pair pair in pairs)
                terminal.Output.WriteLine(pair.Reference is null ? pair.Image.Path : $"{pair.Image.Path}, by {pair.Reference.Path}");
            return leftOut.Close(images.Images.Count);
        }

        var results = new ImageScores?[pairs.Count];
        int done = 0;
        await new ProgressView(terminal).ShowAsync("Scoring", pairs.Count, progress => Parallel.ForAsync(
            0,
            pairs.Count,
            new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellationToken },
            (i, _) =>
            {
                results[i] = Score(pairs[i], metrics, leftOut, new Parallelism(Math.Max(1, settings.Threads / pairs.Count)));
                progress.Report(new WorkProgress(Interlocked.Increment(ref done)));
                return ValueTask.CompletedTask;
            }));
        ScoreTable table = ScoreTable.Create([.. results.OfType<ImageScores>()]);
        foreach (string note in table.Notes)
            terminal.Note("note: " + note);
        if (table.Images.Count > 0)
            print(table);
        int code = leftOut.Close(images.Images.Count);
        return code == ExitCode.Fine ? Gate.Judge(terminal, gates, gate => table.Average(gate.Name)) : code;
    }

    private static ImageScores? Score(Pair pair, MetricSelection metrics, LeftOut leftOut, Parallelism parallelism)
    {
        try
        {
            ImageBuffer image = pair.Image.Load().Color;
            ImageBuffer? reference = pair.Reference?.Load().Color;
            if (reference is not null && (reference.Channels, reference.Height, reference.Width) != (image.Channels, image.Height, image.Width))
                throw new UsageException($"{pair.Image.Path} is {image}, but its reference {pair.Reference!.Path} is {reference}; expected the same.");
            return metrics.Measure(pair.Image.Name, image, reference, parallelism);
        }
        catch (Exception e) when (LeftOut.IsInputs(e))
        {
            leftOut.Add(pair.Image.Path, e);
            return null;
        }
    }
}
