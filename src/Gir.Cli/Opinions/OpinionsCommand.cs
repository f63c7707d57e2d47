using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Metrics;
using Gir.Metrics.Opinions;

namespace Gir.Cli.Opinions;

/// <summary>Reads opinions, measures or reads scores, and prints how far they agree.</summary>
internal static class OpinionsCommand
{
    public static async Task<int> RunAsync(OpinionsSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        if (settings.Images is null && settings.Scores is null)
            throw new UsageException("expected --images, a folder of the judged images, or --scores, a file of scores, or both.");
        if (settings.Images is null && settings.References is not null)
            throw new UsageException($"--references {settings.References}: goes with --images.");
        if (settings.Resamples is < 0 or > 10_000)
            throw new UsageException($"--resamples {settings.Resamples}: expected 0..10000.");
        IReadOnlyList<OpinionSet> sets = OpinionSets.Read(settings);
        Opinion[] opinions = [.. sets.SelectMany(s => s.Opinions).DistinctBy(o => o.Image, StringComparer.OrdinalIgnoreCase)];
        var leftOut = new LeftOut(terminal, settings.Strict);
        var metrics = new List<OpinionMetric>();
        if (settings.Scores is not null)
            metrics.AddRange(Read(settings));
        if (settings.Images is not null)
            metrics.AddRange(await new JudgedImages(settings, terminal, leftOut).MeasureAsync(opinions, cancellationToken));
        if (metrics.Count > 0)
        {
            IReadOnlyList<OpinionReport> reports = await Task.Run(() => Compare(sets, metrics, settings, leftOut, cancellationToken), cancellationToken);
            if (settings.Json)
                OpinionsOutput.WriteJson(terminal.Output, reports);
            else
                OpinionsOutput.WriteTables(terminal.Console, reports);
        }

        return leftOut.Close(opinions.Length);
    }

    private static IReadOnlyList<OpinionReport> Compare(
        IReadOnlyList<OpinionSet> sets, IReadOnlyList<OpinionMetric> metrics, OpinionsSettings settings, LeftOut leftOut, CancellationToken cancellationToken)
    {
        var options = new OpinionOptions
        {
            Resamples = settings.Resamples,
            Seed = settings.Seed,
            Against = settings.Against,
            Parallelism = new Parallelism(settings.Threads),
        };
        try
        {
            OpinionReport[] reports = [.. sets.Select(set => OpinionComparison.Measure(set, metrics, options, cancellationToken))];
            foreach (string image in reports.SelectMany(r => r.LeftOut).Distinct())
                leftOut.Add(image, new UsageException($"{image}: a metric has no finite score of it."));
            return reports;
        }
        catch (ArgumentException e) when (e is not ArgumentOutOfRangeException)
        {
            throw new UsageException(e.Message.Split(" (Parameter")[0]);
        }
    }

    private static IEnumerable<OpinionMetric> Read(OpinionsSettings settings)
    {
        foreach ((string name, IReadOnlyDictionary<string, double> values) in OpinionFiles.ReadScores(settings.Scores!))
        {
            yield return ProbeOf(name) is { } known
                ? new OpinionMetric(name, values, known.HigherIsBetter) { ZeroIsBest = known.ZeroIsBest }
                : new OpinionMetric(name, values, !settings.LowerIsBetter.Contains(name, StringComparer.OrdinalIgnoreCase));
        }
    }

    // A metric tells its direction with a score.
    private static MetricScore? ProbeOf(string name)
    {
        const int Size = 256;
        var catalog = new MetricCatalog();
        ImageBuffer probe = new(3, Size, Size);
        Philox4x32.FillUniform(probe.Samples, seed: 0);
        if (catalog.FullReference.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } full)
            return full.Measure(probe, probe);
        return catalog.NoReference.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Measure(probe);
    }
}
