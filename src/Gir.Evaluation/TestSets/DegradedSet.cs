using System.Text;
using System.Text.Json;
using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Files;
using Gir.Imaging.Text;

namespace Gir.Evaluation.TestSets;

/// <summary>
/// A set of degraded images as a small file, e.g. MiO100 under the fifty tasks: names and hashes of the clean images, tasks, seed, and the hash of every degraded image.
/// Whoever has the clean images rebuilds it bit for bit, and is told where it comes out otherwise. Immutable and safe for concurrent use.
/// </summary>
/// <remarks>Degraded images are those that <see cref="Benchmark"/> makes of the same images, tasks and seed.</remarks>
public sealed class DegradedSet
{
    private const int LongestFile = 1 << 26;

    private readonly DegradedSetManifest _manifest;

    private DegradedSet(DegradedSetManifest manifest, IReadOnlyList<DegradationTask> tasks)
    {
        _manifest = manifest;
        Tasks = tasks;
        ImageNames = [.. manifest.Images.Select(i => i.Name)];
    }

    /// <summary>The set's name.</summary>
    public string Name => _manifest.Name;

    /// <summary>Seed of the degradations.</summary>
    public ulong Seed => _manifest.Seed;

    /// <summary>The name of what estimated depth; null where nothing did.</summary>
    public string? DepthEstimator => _manifest.DepthEstimator;

    /// <summary>What is done to each image.</summary>
    public IReadOnlyList<DegradationTask> Tasks { get; }

    /// <summary>The clean images' files, relative to their folder, with '/'.</summary>
    public IReadOnlyList<string> ImageNames { get; }

    /// <summary>Degrades every image by every task and keeps the hashes.</summary>
    /// <param name="name">What to call the set.</param>
    /// <param name="seed">Seed of the degradations.</param>
    /// <param name="tasks">The tasks, with distinct ids.</param>
    /// <param name="images">The clean images, named by relative paths.</param>
    /// <param name="estimator">Depth for images without, where a task reads it; its name becomes part of the set.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="progress">Told how many images are degraded, from any thread.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EvaluationException">Names or ids do not serve, or an image cannot be degraded.</exception>
    public static DegradedSet Create(
        string name,
        ulong seed,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(images);
        var made = new DegradedSetImage[images.Count];
        var worker = new Worker(seed, tasks, estimator, progress, cancellationToken);
        EachIndex.Run(images.Count, parallelism, cancellationToken, i =>
        {
            var hashes = new string[tasks.Count];
            string hash = worker.Work(images[i], null, (t, degraded) => hashes[t] = TestSet.HashOfLevels(degraded));
            made[i] = new DegradedSetImage(images[i].Name, hash, hashes);
        });
        var manifest = new DegradedSetManifest(
            DegradedSetManifest.FormatName,
            DegradedSetManifest.CurrentVersion,
            name,
            seed,
            tasks.Any(t => t.Pipeline.UsesDepth) ? estimator?.Name : null,
            [.. tasks.Select(t => new DegradedSetTask(t.Id, t.Pipeline.ToJson()))],
            made);
        return manifest.Defect() is { } defect ? throw new EvaluationException(defect) : new DegradedSet(manifest, [.. tasks]);
    }

    /// <summary>Reads a set's file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="EvaluationException">It is no degraded set; the message says what is wrong, and where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DegradedSet Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        return FromJson(BoundedText.Read(file, LongestFile) ?? throw new EvaluationException($"{path}: not a degraded set: expected at most {LongestFile} bytes."), path);
    }

    /// <summary>Reads a set's JSON.</summary>
    /// <param name="json">What <see cref="ToJson"/> writes; it need not be trusted.</param>
    /// <param name="source">What to call the text in errors, e.g. its file.</param>
    /// <exception cref="EvaluationException">It is no degraded set; the message says what is wrong, and where.</exception>
    public static DegradedSet FromJson(string json, string source = "degraded set")
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        DegradedSetManifest manifest = DegradedSetManifest.Read(json, source);
        return new DegradedSet(manifest, [.. manifest.Tasks.Select(t => new DegradationTask(t.Id, Pipeline(t, source)))]);
    }

    /// <summary>The set as indented JSON with line feeds.</summary>
    public string ToJson() => JsonSerializer.Serialize(_manifest, EvaluationJson.Indented.DegradedSetManifest) + "\n";

    /// <summary>Writes the JSON beside the file, then renames it into place.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToJson()));

    /// <summary>Rebuilds the degraded images and checks each: of all clean images first that they are those of the set.</summary>
    /// <param name="images">The clean images, by the names of <see cref="ImageNames"/>; others are passed over.</param>
    /// <param name="write">Takes every degraded image, from any thread: the task's number from 0, the image's name, the image in 8-bit levels.</param>
    /// <param name="estimator">The estimator of <see cref="DepthEstimator"/>.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="progress">Told how many images are degraded, from any thread.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What came out otherwise than when the set was made, "task, image"; empty where all is the same, bit for bit.</returns>
    /// <exception cref="EvaluationException">An image is missing or another one, or the estimator is.</exception>
    public IReadOnlyList<string> Build(
        IReadOnlyList<BenchmarkImage> images,
        Action<int, string, ImageBuffer> write,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(write);
        if (DepthEstimator is { } needed && estimator?.Name != needed)
            throw new EvaluationException($"'{Name}' was made with depth by '{needed}', and cannot be built with {(estimator is null ? "none" : $"'{estimator.Name}'")}.");
        ILookup<string, BenchmarkImage> byName = images.ToLookup(i => i.Name, StringComparer.Ordinal);
        BenchmarkImage[] own = [.. ImageNames.Select(n => byName[n].FirstOrDefault() ?? throw new EvaluationException($"The clean image '{n}' of '{Name}' is missing."))];
        var different = new string?[own.Length * Tasks.Count];
        var worker = new Worker(Seed, Tasks, DepthEstimator is null ? null : estimator, progress, cancellationToken);
        EachIndex.Run(own.Length, parallelism, cancellationToken, i => worker.Work(own[i], _manifest.Images[i].Hash, (t, degraded) =>
        {
            if (TestSet.HashOfLevels(degraded) != _manifest.Images[i].Degraded[t])
                different[(i * Tasks.Count) + t] = $"{Tasks[t].Id}, {own[i].Name}";
            write(t, own[i].Name, degraded);
        }));
        return [.. different.OfType<string>()];
    }

    private static DegradationPipeline Pipeline(DegradedSetTask task, string source)
    {
        try
        {
            return DegradationPipeline.FromJson(task.Pipeline);
        }
        catch (DegradationException e)
        {
            throw new EvaluationException($"{source}: tasks, '{task.Id}': {e.Message}", e);
        }
    }

    private sealed class Worker(ulong seed, IReadOnlyList<DegradationTask> tasks, IDepthEstimator? estimator, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        private int _done;

        /// <summary>Degrades one image by all tasks.</summary>
        /// <returns>The image's hash.</returns>
        public string Work(BenchmarkImage image, string? expected, Action<int, ImageBuffer> done)
        {
            ImageBuffer clean = image.Load();
            ImageBuffer? depth = image.LoadDepth();
            string hash = depth is null ? BenchmarkImage.HashOf(clean) : $"{BenchmarkImage.HashOf(clean)}+{BenchmarkImage.HashOf(depth)}";
            if (expected is not null && hash != expected)
                throw new EvaluationException($"The clean image '{image.Name}' is not the one that the set was made of: its samples{(expected.Contains('+') ? " or its depth" : "")} are others.");
            CachedDepthEstimator? cached = estimator is null ? null : new CachedDepthEstimator(estimator);
            for (int t = 0; t < tasks.Count; t++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    done(t, TaskInput.Degrade(tasks[t], seed, image.Name, clean, tasks[t].Pipeline.UsesDepth ? depth : null, cached, cancellationToken));
                }
                catch (DegradationException e)
                {
                    throw new EvaluationException($"Task '{tasks[t].Id}', image '{image.Name}': {e.Message}", e);
                }

                progress?.Report(Interlocked.Increment(ref _done));
            }

            return hash;
        }
    }
}
