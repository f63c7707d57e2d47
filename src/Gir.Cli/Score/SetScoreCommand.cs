using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Metrics;
using Gir.Metrics.Analysis;
using Gir.Models.Features;

namespace Gir.Cli.Score;

/// <summary>Compares folders as wholes: FID and KID, through the Inception network of a file of the user's.</summary>
internal static class SetScoreCommand
{
    // As many images as features: fewer, and the covariance has no full rank.
    private const int FewImages = 2048;

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["fid", "kid"];

    /// <summary>Those that are asked for; null where metrics of single images are.</summary>
    /// <exception cref="UsageException">Both are.</exception>
    public static IReadOnlyList<string>? Asked(string metrics)
    {
        string[] names = [.. metrics.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => n.ToLowerInvariant()).Distinct()];
        if (!names.Any(Names.Contains))
            return null;
        return names.FirstOrDefault(n => !Names.Contains(n)) is { } other
            ? throw new UsageException($"--metrics {metrics}: {string.Join(" and ", names.Where(Names.Contains))} compare whole folders, {other} single images; ask for them in two calls.")
            : names;
    }

    public static async Task<int> RunAsync(ScoreSettings settings, IReadOnlyList<string> names, Terminal terminal, CancellationToken cancellationToken)
    {
        Action<ScoreTable> print = ScoreOutput.Find(settings.Format, terminal);
        Gate[] gates = [.. settings.Gates.Select(g => Gate.Parse(g, names))];
        if (settings.Reference is null)
            throw new UsageException($"--metrics {names[0]}: needs --reference, a folder of images to compare with.");
        if (!settings.Profile.Equals("default", StringComparison.OrdinalIgnoreCase) || settings.Scale is not null)
            throw new UsageException($"--profile {settings.Profile}: {names[0]} has one convention, of its network.");
        InputImages images = Folder("--image", settings.Image!, names[0], terminal);
        InputImages references = Folder("--reference", settings.Reference, names[0], terminal);
        if (settings.DryRun)
        {
            terminal.Output.WriteLine($"{images.Images.Count} images of {settings.Image}, {references.Images.Count} of {settings.Reference}");
            return ExitCode.Fine;
        }

        InceptionNetwork network = Load(settings.Weights, names[0]);
        var leftOut = new LeftOut(terminal, settings.Strict);
        FeatureSet first = await DescribeAsync("Describing the images", network, images, settings.Threads, terminal, leftOut, cancellationToken);
        FeatureSet second = await DescribeAsync("Describing the references", network, references, settings.Threads, terminal, leftOut, cancellationToken);
        if (Math.Min(first.Count, second.Count) < FewImages)
            terminal.Note($"note: {first.Count} and {second.Count} images are few: FID grows as they get fewer; compare only with scores of as many (published ones have 10,000 and more).");
        string convention = $"{first.Count} images against {second.Count}, RGB resized to {network.Input.Side} x {network.Input.Side}, {network.Features} features of {network.Name}, pytorch-fid";
        ScoreTable table = ScoreTable.Create([new ImageScores("all", names.ToDictionary(n => n, n => Measure(n, first, second, convention, network.Name), StringComparer.Ordinal), [])]);
        print(table);
        int code = leftOut.Close(images.Images.Count + references.Images.Count);
        return code == ExitCode.Fine ? Gate.Judge(terminal, gates, gate => table.Average(gate.Name)) : code;
    }

    private static MetricScore Measure(string name, FeatureSet first, FeatureSet second, string convention, string model) => name == "fid"
        ? new MetricScore(name, FrechetDistance.Compute(first, second), convention, HigherIsBetter: false) { Model = model }
        : new MetricScore(name, KernelDistance.Compute(first, second), convention + ", all pairs, cubic kernel", HigherIsBetter: false) { Model = model };

    private static InputImages Folder(string option, string path, string metric, Terminal terminal)
    {
        InputImages found = InputImages.Find(path, terminal);
        return found.IsFolder ? found : throw new UsageException($"{option} {path}: {metric} compares folders of images, not one.");
    }

    private static InceptionNetwork Load(IReadOnlyList<string> weights, string metric)
    {
        if (weights.Count != 1)
            throw new UsageException($"--metrics {metric}: needs --weights once, with the Inception network of pytorch-fid (pt_inception-2015-12-05); the library has none of its own.");
        return UserFile.Read("--weights", () => InceptionNetwork.Load(weights[0]));
    }

    private static async Task<FeatureSet> DescribeAsync(
        string title, InceptionNetwork network, InputImages images, int threads, Terminal terminal, LeftOut leftOut, CancellationToken cancellationToken)
    {
        var points = new double[]?[images.Images.Count];
        int done = 0;
        await new ProgressView(terminal).ShowAsync(title, points.Length, progress => Parallel.ForAsync(
            0,
            points.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            (i, token) =>
            {
                InputImage image = images.Images[i];
                try
                {
                    points[i] = [.. network.Extract(image.Load().Color, [network.FeatureLayer], token)[0].Array.Select(v => (double)v)];
                }
                catch (Exception e) when (LeftOut.IsInputs(e))
                {
                    leftOut.Add(image.Path, e);
                }

                progress.Report(new WorkProgress(Interlocked.Increment(ref done)));
                return ValueTask.CompletedTask;
            }));
        double[][] found = [.. points.OfType<double[]>()];
        return found.Length >= 2
            ? new FeatureSet([.. found.SelectMany(p => p)], found.Length, network.Features)
            : throw new UsageException($"{found.Length} of {points.Length} images can be read; expected at least two on both sides.");
    }
}
