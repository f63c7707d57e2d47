using System.Globalization;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Metrics.FullReference;
using Gir.Models.Restoration;
using Gir.Reports.Failures;

namespace Gir.Reports;

/// <summary>Makes the pictures of a report again, since results keep numbers alone.</summary>
public static class ReportPictures
{
    // Corners of windows that are looked at: fine enough to find the detail, few enough to be quick.
    private const int Steps = 8;

    private const int WorstOfEach = 1;

    /// <summary>
    /// Comparisons of degraded, restored and clean crops: tasks from the largest gain of the most general restorer to its largest loss, at even distances,
    /// so that failures are shown like successes; in each the best of the task, the most general one, and the next best. Images take turns, and the crop is
    /// where the clean image has most detail.
    /// </summary>
    /// <param name="benchmark">The benchmark that made the report, or one of the same options.</param>
    /// <param name="report">The report.</param>
    /// <param name="restorers">The restorers of the report, in its order.</param>
    /// <param name="tasks">The tasks of the report.</param>
    /// <param name="images">The images of the report.</param>
    /// <param name="options">How many, and how large; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="GirException">An image cannot be degraded or restored.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<ReportComparison> Compare(
        Benchmark benchmark,
        GeneralityReport report,
        IReadOnlyList<IRestorer> restorers,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        ReportPicturesOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(restorers);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new ReportPicturesOptions();
        options.Validate();
        RestorerGenerality[] ranked = [.. Ranking.Of(report).Where(r => Find(restorers, report, r) is not null)];
        if (ranked.Length == 0)
            return [];
        HashSet<string> measured = [.. report.Configuration.Images.Select(i => i.Name)];
        BenchmarkImage[] left = [.. images.Where(i => measured.Contains(i.Name))];
        var comparisons = new List<ReportComparison>();
        foreach ((int rank, int task) in Chosen(report, ranked[0], options.Count).Index())
        {
            BenchmarkImage image = left[rank % left.Length];
            EvaluatedTask evaluated = report.Configuration.Tasks[task];
            RestorerGenerality[] shown = Shown(ranked, task, options.Restorers);
            BenchmarkPictures pictures = benchmark.Reproduce([.. shown.Select(r => Find(restorers, report, r)!)], tasks.First(t => t.Id == evaluated.Id), image, cancellationToken);
            comparisons.Add(new ReportComparison(
                $"Task {evaluated.Id}: {string.Join(" + ", evaluated.Operators)}",
                $"Image {image.Name}. Over all images: {Told(report, shown, ranked[0], task)}.",
                Crops(report, shown, pictures, options.Side)));
        }

        return comparisons;
    }

    /// <summary>
    /// The images of which most detail is missing, and those to which most was added, by the restorers with the highest rates, with maps of where; only those above a fifth.
    /// </summary>
    /// <param name="benchmark">The benchmark that made the report, or one of the same options.</param>
    /// <param name="report">The report, of a run that measured "under" and "over"; of another one there are no such images.</param>
    /// <param name="results">The run's results.</param>
    /// <param name="restorers">The restorers of the report, in its order.</param>
    /// <param name="tasks">The tasks of the report.</param>
    /// <param name="images">The images of the report.</param>
    /// <param name="options">How many restorers; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="GirException">An image cannot be degraded or restored.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<ReportPanel> Worst(
        Benchmark benchmark,
        GeneralityReport report,
        IReadOnlyList<ResultRecord> results,
        IReadOnlyList<IRestorer> restorers,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        ReportPicturesOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(restorers);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new ReportPicturesOptions();
        options.Validate();
        if (!FailureResults.AreMeasured(report) || options.Count == 0)
            return [];
        (RestorerGenerality Result, IRestorer Restorer)[] shown =
            [.. Ranking.Of(report).Select(r => (r, Restorer: Find(restorers, report, r)!)).Where(r => r.Restorer is not null).Take(options.Restorers)];
        return WorstPictures.Of(benchmark, report, results, shown, tasks, images, WorstOfEach, cancellationToken);
    }

    private static IRestorer? Find(IReadOnlyList<IRestorer> restorers, GeneralityReport report, RestorerGenerality wanted)
    {
        int index = report.Restorers.Index().First(r => r.Item == wanted).Index;
        return index < restorers.Count ? restorers[index] : null;
    }

    /// <summary>The best of the task, the most general one, and then the next best of the task.</summary>
    private static RestorerGenerality[] Shown(RestorerGenerality[] ranked, int task, int count)
    {
        RestorerGenerality[] best = [.. ranked.OrderByDescending(r => r.Tasks[task].Means[GeneralityReport.PsnrName])];
        return [.. best.Take(1).Append(ranked[0]).Concat(best).Distinct().Take(count)];
    }

    /// <summary>What the first restorer gains, and what the most general one.</summary>
    private static string Told(GeneralityReport report, RestorerGenerality[] shown, RestorerGenerality general, int task)
    {
        string best = $"{Ranking.ShortName(report, shown[0])}, the best of the task, {Numbers.Signed(Gain(report, shown[0], task))} dB";
        return shown[0] == general ? best + "; it is the most general one" : $"{best}; {Ranking.ShortName(report, general)}, the most general one, {Numbers.Signed(Gain(report, general, task))} dB";
    }

    private static double Gain(GeneralityReport report, RestorerGenerality restorer, int task)
    {
        double gain = restorer.Tasks[task].Means[GeneralityReport.PsnrName] - report.Input.Tasks[task].Means[GeneralityReport.PsnrName];
        return double.IsNaN(gain) ? 0 : gain;
    }

    /// <summary>Tasks at even distances in the order of the gain, the largest first.</summary>
    private static IEnumerable<int> Chosen(GeneralityReport report, RestorerGenerality restorer, int count)
    {
        int[] sorted = [.. Enumerable.Range(0, restorer.Tasks.Count).OrderByDescending(t => Gain(report, restorer, t))];
        int wanted = Math.Min(count, sorted.Length);
        return Enumerable.Range(0, wanted).Select(i => sorted[wanted == 1 ? 0 : i * (sorted.Length - 1) / (wanted - 1)]);
    }

    private static IReadOnlyList<ReportPicture> Crops(GeneralityReport report, RestorerGenerality[] shown, BenchmarkPictures pictures, int side)
    {
        (int top, int left, int height, int width) = MostDetail(pictures.Reference, side);
        var psnr = new Psnr();
        ReportPicture Picture(string name, ImageBuffer image, bool measure) => ReportPicture.Of(
            name,
            measure ? string.Create(CultureInfo.InvariantCulture, $"{psnr.Measure(pictures.Reference, image).Value:0.00} dB") : "",
            image.Crop(top, left, height, width));
        return
        [
            Picture("degraded", pictures.Degraded, measure: true),
            .. shown.Zip(pictures.Restored, (restorer, image) => Picture(Ranking.ShortName(report, restorer), image, measure: true)),
            Picture("clean", pictures.Reference, measure: false),
        ];
    }

    /// <summary>The window, among some, whose first channel varies most.</summary>
    internal static (int Top, int Left, int Height, int Width) MostDetail(ImageBuffer image, int side)
    {
        (int height, int width) = (Math.Min(side, image.Height), Math.Min(side, image.Width));
        (int Top, int Left, double Detail) best = (0, 0, -1);
        for (int row = 0; row <= Steps; row++)
        {
            for (int column = 0; column <= Steps; column++)
            {
                (int top, int left) = (row * (image.Height - height) / Steps, column * (image.Width - width) / Steps);
                double detail = Detail(image, top, left, height, width);
                if (detail > best.Detail)
                    best = (top, left, detail);
            }
        }

        return (best.Top, best.Left, height, width);
    }

    private static double Detail(ImageBuffer image, int top, int left, int height, int width)
    {
        double sum = 0;
        for (int y = top; y < top + height; y++)
        {
            ReadOnlySpan<float> row = image.Row(0, y).Slice(left, width);
            for (int x = 1; x < width; x++)
                sum += Math.Abs(row[x] - row[x - 1]);
        }

        return sum;
    }
}

/// <summary>Which pictures a report shows.</summary>
public sealed record ReportPicturesOptions
{
    /// <summary>How many comparisons, 0..50; default 6.</summary>
    public int Count { get; init; } = 6;

    /// <summary>How many restorers in each, 1..10; default 3.</summary>
    public int Restorers { get; init; } = 3;

    /// <summary>The largest side of a crop in pixels, 16..1024; default 256.</summary>
    public int Side { get; init; } = 256;

    internal void Validate()
    {
        if (Count is < 0 or > 50)
            throw new ArgumentOutOfRangeException(nameof(Count), Count, "Expected 0..50.");
        if (Restorers is < 1 or > 10)
            throw new ArgumentOutOfRangeException(nameof(Restorers), Restorers, "Expected 1..10.");
        if (Side is < 16 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(Side), Side, "Expected 16..1024.");
    }
}
