using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Scenes;

namespace Gir.Evaluation.TestSets;

/// <summary>
/// A test set that anyone can rebuild: procedural scenes with exact depth, the 50 representative tasks and 50 cross-validation tasks, defined
/// by a manifest of seeds and of the hashes that they must lead to.
/// </summary>
/// <remarks>
/// <para>Clean images are rounded to 8 bits, so that they can be saved as files without loss; depth is not rounded.</para>
/// <para>Scenes are made of additions, multiplications, divisions and square roots, and so are the same bits on every machine. They are
/// rebuilt when needed and always checked against the manifest.</para>
/// <para><see cref="Verify"/> checks degraded images: task n (of either kind) on scene 1 + (n - 1) mod N. They are the same
/// bits for any number of threads and any vector width; between platforms, the runtime's sine, exponential and logarithm may differ in the last
/// bit, and with them motion kernels (rain), Poisson noise and snowflakes.</para>
/// </remarks>
public sealed class TestSet
{
    /// <summary>The name of the standard set: 8 scenes of 192 x 256 pixels.</summary>
    public const string Standard = "gir-scenes-v1";

    // A manifest of 256 scenes takes a quarter of it.
    private const int LongestFile = 1 << 18;
    private static readonly BuiltInTexts s_texts = new("Gir.Evaluation.TestSets.", "test set", LongestFile);

    private readonly TestSetManifest _manifest;
    private readonly Lazy<Scene>[] _scenes;

    private TestSet(TestSetManifest manifest)
    {
        _manifest = manifest;
        _scenes = [.. manifest.Scenes.Select(s => new Lazy<Scene>(() => Rebuild(s)))];
        Images = [.. manifest.Scenes.Select((s, i) => new BenchmarkImage(s.Name, $"{s.Image}+{s.Depth}", () => _scenes[i].Value.Image, () => _scenes[i].Value.Depth))];
        CrossValidation = RandomTaskSampler.CrossValidation(manifest.CrossValidationSeed);
        Hash = EvaluationConfiguration.HashOfImages(Seed, [.. Images.Select(i => new EvaluatedImage(i.Name, i.Hash))]);
    }

    /// <summary>The sets that come with the package.</summary>
    public static IReadOnlyList<string> Names => s_texts.Names;

    /// <summary>The set's name.</summary>
    public string Name => _manifest.Name;

    /// <summary>
    /// SHA-256 of the degradations' seed and of the names and hashes of the images, in hexadecimal: equal hashes mean that results can be compared.
    /// </summary>
    public string Hash { get; }

    /// <summary>The seed of all degradations, for <see cref="BenchmarkOptions.Seed"/>.</summary>
    public ulong Seed => _manifest.Seed;

    /// <summary>The clean images with their depth; they are rebuilt and checked when their turn comes.</summary>
    public IReadOnlyList<BenchmarkImage> Images { get; }

    /// <summary>The 50 representative tasks.</summary>
    public IReadOnlyList<DegradationTask> Representative => RepresentativeTasks.All;

    /// <summary>The set's own 50 cross-validation tasks; <see cref="RandomTaskSampler.CrossValidation"/> draws others from a seed kept secret.</summary>
    public IReadOnlyList<DegradationTask> CrossValidation { get; }

    /// <summary>Loads a set. Nothing is rebuilt yet.</summary>
    /// <param name="nameOrPath">One of <see cref="Names"/>, or a manifest's file.</param>
    /// <exception cref="EvaluationException">There is neither such a set nor such a file, or the file is not a manifest.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TestSet Load(string nameOrPath) => FromJson(s_texts.Load(nameOrPath), nameOrPath);

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">What <see cref="ToJson"/> writes.</param>
    /// <param name="source">What to call the text in errors, e.g. its file.</param>
    /// <exception cref="EvaluationException">The text is not a manifest.</exception>
    public static TestSet FromJson(string json, string source = "test set")
    {
        ArgumentNullException.ThrowIfNull(json);
        return new TestSet(TestSetManifest.Read(json, source));
    }

    /// <summary>Makes a set of one's own: builds every scene and the degraded images that the manifest vouches for.</summary>
    /// <param name="definition">The seeds.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The definition has a value out of range, or names a seed twice.</exception>
    public static TestSet Create(TestSetDefinition definition, Parallelism parallelism = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(definition.SceneSeeds, nameof(definition));
        if (TestSetManifest.Defect(definition.Name, definition.Height, definition.Width, definition.SceneSeeds.Count) is { } defect)
            throw new ArgumentException(defect, nameof(definition));
        if (definition.SceneSeeds.Distinct().Count() != definition.SceneSeeds.Count)
            throw new ArgumentException("Two scenes have the same seed.", nameof(definition));
        var scenes = new TestSceneManifest[definition.SceneSeeds.Count];
        EachIndex.Run(scenes.Length, parallelism, cancellationToken, i =>
        {
            ulong seed = definition.SceneSeeds[i];
            Scene scene = Build(seed, definition.Height, definition.Width);
            scenes[i] = new TestSceneManifest(FormattableString.Invariant($"scene-{i + 1}"), seed, HashOfLevels(scene.Image), HashOfDepth(scene.Depth));
        });
        var set = new TestSet(new TestSetManifest(
            TestSetManifest.FormatName,
            TestSetManifest.CurrentVersion,
            definition.Name,
            definition.Height,
            definition.Width,
            definition.Seed,
            definition.CrossValidationSeed,
            scenes,
            [],
            []));
        return new TestSet(set._manifest with
        {
            Representative = set.HashesOf(set.Representative, parallelism, cancellationToken),
            CrossValidation = set.HashesOf(set.CrossValidation, parallelism, cancellationToken),
        });
    }

    /// <summary>Rebuilds the degraded images that the manifest vouches for, and the scenes below them, and compares their hashes.</summary>
    /// <param name="tasks">The tasks to check; those that are not of this set are passed over. Null: all 100 tasks, and all scenes.</param>
    /// <param name="parallelism">Threads.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EvaluationException">A hash differs; the message names scene, task and both hashes.</exception>
    public void Verify(IEnumerable<DegradationTask>? tasks = null, Parallelism parallelism = default, CancellationToken cancellationToken = default)
    {
        if (tasks is null)
            EachIndex.Run(_scenes.Length, parallelism, cancellationToken, i => _ = _scenes[i].Value);
        ILookup<string, DegradationTask> chosen = (tasks ?? [.. Representative, .. CrossValidation]).ToLookup(t => t.Id, StringComparer.Ordinal);
        VerifyDegraded(Representative, _manifest.Representative, chosen, parallelism, cancellationToken);
        VerifyDegraded(CrossValidation, _manifest.CrossValidation, chosen, parallelism, cancellationToken);
    }

    /// <summary>The manifest.</summary>
    public string ToJson() => _manifest.Write();

    private static Scene Build(ulong seed, int height, int width)
    {
        Scene scene = SceneGenerator.Create(seed, height, width);
        return scene with { Image = scene.Image.Quantized() };
    }

    private Scene Rebuild(TestSceneManifest expected)
    {
        Scene scene = Build(expected.Seed, _manifest.Height, _manifest.Width);
        Check(expected.Name, expected.Image, HashOfLevels(scene.Image));
        Check($"{expected.Name}, depth", expected.Depth, HashOfDepth(scene.Depth));
        return scene;
    }

    private void VerifyDegraded(
        IReadOnlyList<DegradationTask> all,
        IReadOnlyList<string> expected,
        ILookup<string, DegradationTask> chosen,
        Parallelism parallelism,
        CancellationToken cancellationToken)
    {
        int[] indices = [.. Enumerable.Range(0, all.Count).Where(i => chosen[all[i].Id].Any(task => IsSame(task, all[i])))];
        var actual = new string[indices.Length];
        EachIndex.Run(indices.Length, parallelism, cancellationToken, i => actual[i] = HashOfDegraded(all[indices[i]], indices[i], cancellationToken));
        for (int i = 0; i < indices.Length; i++)
            Check($"{SceneOf(indices[i]).Name}, task '{all[indices[i]].Id}'", expected[indices[i]], actual[i]);
    }

    // A user's own task may bear a number that a representative task has, too.
    private static bool IsSame(DegradationTask task, DegradationTask ours) => ReferenceEquals(task, ours) || task.Pipeline.ToJson() == ours.Pipeline.ToJson();

    private void Check(string what, string expected, string actual)
    {
        if (actual != expected)
        {
            throw new EvaluationException(
                $"Test set '{Name}', {what}: rebuilt with SHA-256 {actual}, expected {expected}; results made here cannot be compared with those of the set.");
        }
    }

    private string[] HashesOf(IReadOnlyList<DegradationTask> tasks, Parallelism parallelism, CancellationToken cancellationToken)
    {
        var hashes = new string[tasks.Count];
        EachIndex.Run(tasks.Count, parallelism, cancellationToken, i => hashes[i] = HashOfDegraded(tasks[i], i, cancellationToken));
        return hashes;
    }

    private TestSceneManifest SceneOf(int task) => _manifest.Scenes[task % _scenes.Length];

    private string HashOfDegraded(DegradationTask task, int index, CancellationToken cancellationToken)
    {
        Scene scene = _scenes[index % _scenes.Length].Value;
        return HashOfLevels(TaskInput.Degrade(task, Seed, SceneOf(index).Name, scene.Image, scene.Depth, null, cancellationToken));
    }

    internal static string HashOfLevels(ImageBuffer image) => Convert.ToHexStringLower(SHA256.HashData(image.ToInterleaved()));

    private static string HashOfDepth(ImageBuffer depth)
    {
        var bytes = new byte[depth.Samples.Length * sizeof(float)];
        for (int i = 0; i < depth.Samples.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), depth.Samples[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
