using System.Text;
using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Gates;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Recipes;
using Gir.Evaluation.Results;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Metrics.NoReference;
using Gir.Models.Serialization;
using Gir.Models.Zoo;

namespace Gir.Soak.Fuzz;

/// <summary>A reader of files that anybody may have made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsText">Whether its files are text.</param>
/// <param name="Corpus">Files of its kind, good and bad.</param>
/// <param name="Read">Reads a file; the second argument is a path of the thread's own, for readers that take no bytes.</param>
/// <param name="IsRefusal">The documented exceptions.</param>
internal sealed record FuzzReader(string Name, bool IsText, IReadOnlyList<byte[]> Corpus, Action<byte[], string> Read, Func<Exception, bool> IsRefusal)
{
    /// <summary>Damages a file in a way of its kind, given another and the draws; null: bytes are changed.</summary>
    public Func<byte[], byte[], PhiloxRandom, byte[]>? Damage { get; init; }

    /// <summary>What is done to a damaged file so that the damage gets past checksums; null: nothing.</summary>
    public Func<byte[], byte[]>? Mend { get; init; }

    /// <summary>The damaged file of a run.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="number">The run.</param>
    public byte[] DamagedFile(ulong seed, int number)
    {
        var random = new PhiloxRandom(Philox4x32.DeriveSeed(seed, Name), (uint)number);
        byte[] original = Corpus[random.NextInteger(0, Corpus.Count - 1)];
        byte[] other = Corpus[random.NextInteger(0, Corpus.Count - 1)];
        byte[] file = Damage is null ? Mutator.Damage(original, other, IsText, random) : Damage(original, other, random);
        return Mend is not null && random.NextBoolean(0.7) ? Mend(file) : file;
    }

    public static IReadOnlyList<FuzzReader> All()
    {
        ImageBuffer scene = SceneGenerator.Create(3, 24, 33).Image;
        ImageBuffer gray = SceneGenerator.Create(4, 17, 16).Image.Crop(0, 0, 17, 16);
        Benchmark benchmark = new();
        IReadOnlyList<DegradationTask> tasks = [.. TaskSet.Parse("single").Take(2)];
        EvaluationConfiguration configuration = benchmark.Describe(tasks, [BenchmarkImage.FromBuffer("a", gray)]);
        byte[][] checkpoints = Files("models", "files", "*.pth");
        return
        [
            Image("png", "degradations", [ImageFile.Encode(scene), ImageFile.Encode(gray)]) with { Mend = PngChecksums.Mend },
            Image("jpg", "degradations", [ImageFile.Encode(scene, "jpeg"), ImageFile.Encode(gray, "jpeg")]),
            Image("bmp", null, [ImageFile.Encode(scene, "bmp"), ImageFile.Encode(gray, "bmp")]),
            Image("npy", null, [ImageFile.Encode(scene, "npy"), ImageFile.Encode(gray, "npy")]),
            new("niqe-mat", false, [NiqeFiles.Matlab(compressed: false), NiqeFiles.Matlab(compressed: true)], (file, path) => ReadAt(path, file, p => NiqeModel.Load(p)), e => e is InvalidDataException),
            new("niqe-npz", false, [NiqeFiles.Npz()], (file, path) => ReadAt(path, file, p => NiqeModel.Load(p)), e => e is InvalidDataException),
            new("safetensors", false, Files("models", "files", "*.safetensors"), ReadTensors, e => e is CheckpointFormatException),
            new("pickle-zip", false, [.. checkpoints.Where(IsZip)], ReadTensors, e => e is CheckpointFormatException),
            new("pickle-in-zip", false, [.. checkpoints.Where(PickleInZip.Holds)], ReadTensors, e => e is CheckpointFormatException) { Damage = PickleInZip.Damage },
            new("pickle-legacy", false, [.. checkpoints.Where(c => !IsZip(c) && c.Length > 0)], ReadTensors, e => e is CheckpointFormatException),
            new("model-zoo", false, TinyModels(), (file, path) => ReadAt(path, file, p => ModelZoo.Load(p)), e => e is CheckpointFormatException),
            Text("hyper", ["""{"num_feat": 4, "num_block": 2, "upscale": 1, "nc": [4, 4, 8, 8], "ape": true, "name": "x\u00e9"}"""], text => _ = HyperParameters.Parse(text).ToJson(), e => e is GirException or ArgumentException),
            Text("expression", Expressions(), text => _ = DegradationPipeline.Parse(text).ToJson()),
            Text("expression-random", Expressions(), text => _ = RandomPipeline.Parse(text).ToJson()),
            Text("tasks", ["1-10,21", "cross:17:1-3", "representative", "4", "cross:18446744073709551615"], text => _ = TaskSet.Parse(text).Count),
            Text("pipeline-json", [.. Expressions().Select(e => DegradationPipeline.Parse(e).ToJson())], text => _ = DegradationPipeline.FromJson(text).ToJson()),
            Text("record", Records(gray), text => Replay(DegradationRecord.FromJson(text), gray)),
            Text("recipe", [.. TrainingRecipes.All.Select(r => r.ToJson())], text => _ = TrainingRecipe.FromJson(text).ToJson()),
            Text("lines", [QualityLines.Fixed("mine", new Dictionary<string, QualityLine> { ["1"] = new(25.1, 26.2) }, "made up").ToJson()], text => _ = QualityLines.FromJson(text).ToJson()),
            Text("gate", ["""{ "format": "gir-gate", "version": 1, "name": "mine", "tasks": ["single"], "clean": 40, "worstGain": -0.05, "meanGain": 4, "lines": { "3": { "psnr": 28.5 }, "jpeg-30": { "pipeline": "compression(quality=30)", "gain": 0.3 } } }"""], text => _ = RestorationGate.FromJson(text).Name),
            Text("report", Reports(configuration), text => _ = GeneralityReport.FromJson(text).ToJson()),
            new("results", true, Results(configuration), (file, path) => ReadAt(path, file, p =>
            {
                using ResultStore store = ResultStore.Open(p, configuration);
                return store.Count;
            }), e => e is EvaluationException),
            Text("test-set", [TestSetText()], text => _ = TestSet.FromJson(text).Images.Count),
        ];
    }

    private static FuzzReader Image(string name, string? golden, IEnumerable<byte[]> own)
    {
        var limits = new ImageDecodeOptions { MaxPixels = 1 << 22 };
        byte[][] corpus = [.. own, .. golden is null ? [] : Files(golden, "files", "*." + name)];
        return new FuzzReader(
            name,
            false,
            corpus,
            (file, _) =>
            {
                ImageBuffer image = ImageFile.Decode(file, limits);
                foreach (float sample in image.Samples)
                {
                    if (name != "npy" && !(sample is >= 0 and <= 1))
                        throw new InvalidOperationException($"A sample is {sample}.");
                }
            },
            e => e is ImageFormatException);
    }

    private static FuzzReader Text(string name, IEnumerable<string> corpus, Action<string> read, Func<Exception, bool>? isRefusal = null) => new(
        name, true, [.. corpus.Select(Encoding.UTF8.GetBytes)], (file, _) => read(Encoding.UTF8.GetString(file)), isRefusal ?? (e => e is GirException));

    private static void ReadTensors(byte[] file, string path)
    {
        foreach (CheckpointTensor tensor in Checkpoint.Read(file, "fuzz").Tensors.Values)
            tensor.ToArray();
    }

    private static void Replay(DegradationRecord record, ImageBuffer image)
    {
        _ = record.ToJson();
        _ = record.Pipeline.Degrade(image, 1, "fuzz");
    }

    private static void ReadAt<T>(string path, byte[] file, Func<string, T> read)
    {
        File.WriteAllBytes(path, file);
        read(path);
    }

    private static bool IsZip(byte[] file) => file.AsSpan().StartsWith("PK"u8);

    private static byte[][] Files(string area, string folder, string pattern) =>
        [
            .. Directory.GetFiles(Repository.Golden(area, folder), pattern).Where(f => !Path.GetFileName(f).StartsWith("bad_", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(f => f.Length is > 0 and < 50_000),
        ];

    private static string[] Expressions() =>
    [
        "haze + resize + blur(sigma=2) + noise", "blur(sigma=2, size=9)", "noise(sigma=20) + compression(quality=30)", "rain + blur", "snow + noise", "ringing + damage", "compression",
    ];

    private static string[] Records(ImageBuffer image)
    {
        var records = new List<string>();
        foreach (string expression in new[] { "resize + blur + noise", "blur(sigma=2) + compression(quality=30)", "ringing + damage" })
        {
            records.Add(DegradationPipeline.Parse(expression).Apply(image, 7, "clean.png").Record.ToJson());
        }

        return [.. records];
    }

    private static string[] Reports(EvaluationConfiguration configuration)
    {
        using ResultStore store = ResultStore.InMemory(configuration);
        Fill(store);
        return [GeneralityReport.From(store, [new Models.Restoration.RestorerInfo("a", "first")]).ToJson()];
    }

    private static byte[][] Results(EvaluationConfiguration configuration)
    {
        string path = Path.GetTempFileName();
        File.Delete(path);
        using (ResultStore store = ResultStore.Open(path, configuration))
            Fill(store);
        byte[] file = File.ReadAllBytes(path);
        File.Delete(path);
        return [file];
    }

    private static void Fill(ResultStore store)
    {
        foreach (string restorer in new[] { ResultRecord.InputName, "a" })
        {
            foreach (EvaluatedTask task in store.Configuration.Tasks)
                store.Append(new ResultRecord(restorer, task.Id, "a", new Dictionary<string, double> { ["psnr"] = 20 + restorer.Length, ["ssim"] = 0.5 }));
        }
    }

    private static string TestSetText() => TestSet.Load(TestSet.Standard).ToJson();

    private static byte[][] TinyModels()
    {
        string path = Path.GetTempFileName();
        var models = new List<byte[]>();
        foreach ((string name, string hyper) in new[]
        {
            ("SRCNN", """{"channels": 3, "features": [3, 2], "kernels": [3, 1, 3]}"""),
            ("SRResNet", """{"num_feat": 4, "num_block": 2, "upscale": 1}"""),
            ("DnCNN", """{"in_nc": 1, "nc": 4, "nb": 5}"""),
            ("SwinIR", """{"upscale": 1, "window_size": 4, "depths": [2], "embed_dim": 8, "num_heads": [2], "ape": true, "img_size": 8}"""),
        })
        {
            ModelZoo.Save(path, ModelZoo.CreateNetwork(name, HyperParameters.Parse(hyper)));
            models.Add(File.ReadAllBytes(path));
        }

        File.Delete(path);
        return [.. models];
    }
}
