using System.Collections.Concurrent;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Models.Restoration;
using Gir.Models.Tensors;

namespace Gir.Evaluation.RealWorld;

/// <summary>Restores real images and measures what came of them, with a ground truth or without.</summary>
/// <remarks>
/// Restored images are clamped and rounded to 8 bits before they are measured, as if saved. A restorer that enlarges is measured without a reference as it is, and not against
/// ground truth of another size.
/// </remarks>
public static class RealWorldEvaluation
{
    /// <summary>Runs.</summary>
    /// <param name="restorers">The restorers, with distinct names, none of them "input".</param>
    /// <param name="set">The images.</param>
    /// <param name="options">Settings; null means the defaults.</param>
    /// <param name="progress">Told after every image and restorer how many are done, from any thread.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="ArgumentException">Two restorers or metrics bear the same name, or a restorer is called "input".</exception>
    /// <exception cref="EvaluationException">An image cannot be read or restored (see <see cref="RealWorldOptions.LeaveOut"/>), or none is left.</exception>
    public static async Task<RealWorldReport> RunAsync(
        IReadOnlyList<IRestorer> restorers, RealWorldSet set, RealWorldOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(restorers);
        ArgumentNullException.ThrowIfNull(set);
        options ??= new RealWorldOptions();
        string taken = $", and '{ResultRecord.InputName}' is taken";
        Names.RequireDistinct(restorers.Select(r => r.Info.Name).Append(ResultRecord.InputName), "restorer", nameof(restorers), taken);
        Names.RequireDistinct(options.FullReference.Select(m => m.Name).Concat(options.NoReference.Select(m => m.Name)), "metric", nameof(options), taken);
        var measured = new ConcurrentDictionary<(int Type, int Image, int Restorer), IReadOnlyDictionary<string, double>>();
        var failed = new ConcurrentDictionary<(int Type, int Image), Exception>();
        (int Type, int Image)[] images = [.. set.Types.SelectMany((t, type) => t.Images.Select((_, image) => (type, image)))];
        var run = new Run(restorers, options, progress, measured);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Parallelism.MaxDegree), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(images, parallel, (at, token) =>
        {
            using ThreadLimit limit = ThreadLimit.Enter(parallel.MaxDegreeOfParallelism > 1 ? 1 : null);
            RealWorldType type = set.Types[at.Type];
            try
            {
                run.Work(type, at.Type, at.Image, token);
            }
            catch (Exception e) when (e is GirException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                if (options.LeaveOut is null)
                    throw new EvaluationException($"'{type.Name}/{type.Images[at.Image].Name}': {e.Message}", e);
                failed[at] = e;
                options.LeaveOut(type.Images[at.Image], e);
            }

            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        if (failed.Count == images.Length)
            throw new EvaluationException($"No image is left: {failed.OrderBy(f => f.Key).First().Value.Message}");

        (int Type, int Image)[] done = [.. images.Where(i => !failed.ContainsKey(i))];
        return new RealWorldReport(
            RealWorldReport.FormatName,
            RealWorldReport.CurrentFormatVersion,
            run.Describe(),
            [.. set.Types.Select((t, i) => new RealWorldTypeCount(t.Name, t.Group, done.Count(d => d.Type == i), done.Count(d => d.Type == i && t.Images[d.Image].Reference is not null)))],
            [.. Enumerable.Range(-1, restorers.Count + 1).Select(r => new RealWorldResult(
                r < 0 ? ResultRecord.InputName : restorers[r].Info.Name,
                r < 0 ? null : restorers[r].Identity,
                [.. set.Types.Select((_, t) => run.Means([.. done.Where(d => d.Type == t).Select(d => measured[(t, d.Image, r)])]))]))]);
    }

    private sealed class Run(
        IReadOnlyList<IRestorer> restorers,
        RealWorldOptions options,
        IProgress<int>? progress,
        ConcurrentDictionary<(int Type, int Image, int Restorer), IReadOnlyDictionary<string, double>> measured)
    {
        private readonly MetricSet _all = new(new BenchmarkOptions { FullReference = options.FullReference, NoReference = options.NoReference });
        private readonly MetricSet _none = new(new BenchmarkOptions { FullReference = [], NoReference = options.NoReference });
        private int _done;

        public IReadOnlyList<EvaluatedMetric> Describe() => _all.Describe();

        public void Work(RealWorldType type, int typeIndex, int imageIndex, CancellationToken cancellationToken)
        {
            RealWorldImage image = type.Images[imageIndex];
            ImageBuffer degraded = image.Load();
            ImageBuffer? reference = image.LoadReference();
            if (reference is not null && !reference.HasShapeOf(degraded))
                throw new EvaluationException($"the image is {degraded}, its ground truth {image.Reference} is {reference}: expected the same.");
            measured[(typeIndex, imageIndex, -1)] = Measure(degraded, reference, cancellationToken);
            progress?.Report(Interlocked.Increment(ref _done));
            for (int r = 0; r < restorers.Count; r++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ImageBuffer restored = restorers[r].Restore(degraded, cancellationToken);
                if (SampleRange.Fault(restored, "what " + restorers[r].Info.Name + " made", float.MaxValue) is { } fault)
                    throw new EvaluationException(fault);
                restored = restored.Quantized();
                options.Restored?.Invoke(type, image, restorers[r].Info.Name, restored);
                measured[(typeIndex, imageIndex, r)] = Measure(restored, reference, cancellationToken);
                progress?.Report(Interlocked.Increment(ref _done));
            }
        }

        /// <summary>Summed in the order of the images, without those that could not be measured.</summary>
        public IReadOnlyDictionary<string, double> Means(IReadOnlyList<IReadOnlyDictionary<string, double>> values) => new OrderedDictionary<string, double>(
            options.FullReference.Select(m => m.Name).Concat(options.NoReference.Select(m => m.Name))
                .Select(name => KeyValuePair.Create(name, values.Select(v => v.GetValueOrDefault(name, double.NaN)).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average())));

        private IReadOnlyDictionary<string, double> Measure(ImageBuffer image, ImageBuffer? reference, CancellationToken cancellationToken) =>
            reference is not null && reference.HasShapeOf(image) ? _all.Measure(reference, image, cancellationToken) : _none.Measure(image, image, cancellationToken);
    }
}
