using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Evaluation.Shards;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Tests.Shards;

[OnePass]
public sealed class ShardMergeTests
{
    private static readonly GeneralityOptions s_generality = new() { Comparison = LineComparison.Strict, MissingLines = MissingLines.LeaveOut, Resamples = 50 };

    private static readonly QualityLines s_lines = QualityLines.Fixed(
        "mine", new Dictionary<string, QualityLine> { ["1"] = new(20, 30), ["3"] = new(21.5, 21.5) }, new LinesOrigin { Provenance = "guessed", IsReduced = true });

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(27)]
    public async Task Merged_results_and_report_are_those_of_one_run_byte_for_byte(int count)
    {
        GeneralityReport whole = await new Benchmark(Options("whole")).RunAsync(Restorers(), FakeDegradations.Tasks(3), Pictures.Set(3), s_lines);
        for (int n = 1; n <= count; n++)
            await Run($"{n}", new Shard(n, count), threads: 1 + (n % 2));

        ShardMerge merged = ShardMerge.Of([.. Enumerable.Range(1, count).Reverse().Select(n => _folder[$"{n}"])]);

        Assert.That(merged.Report.ToJson(), Is.EqualTo(whole.ToJson()));
        merged.SaveResults(_folder["merged.jsonl"]);
        Assert.That(File.ReadAllBytes(_folder["merged.jsonl"]), Is.EqualTo(File.ReadAllBytes(Results("whole"))));
    }

    [Test]
    public async Task A_shard_that_was_stopped_goes_on_and_makes_nothing_twice()
    {
        using var stop = new CancellationTokenSource();
        var listener = new BenchmarkListener(p =>
        {
            if (p.Done == 4)
                stop.Cancel();
        });
        Assert.That(async () => await Run("a", new Shard(1, 2), progress: listener, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        await Run("b", new Shard(2, 2));
        Assert.That(() => ShardMerge.Of([_folder["a"], _folder["b"]]), Throws.TypeOf<EvaluationException>()
            .With.Message.Contains("Shard 1/2").And.Message.Contains("is not complete: 9 of 13 results missing"));

        var resumed = new BenchmarkListener();
        await Run("a", new Shard(1, 2), progress: resumed);

        Assert.That(resumed.All[0], Is.EqualTo(new BenchmarkProgress(4, 13, 4)));
        Assert.That(resumed.All[^1].Done, Is.EqualTo(13));
        GeneralityReport whole = await new Benchmark(Options("whole")).RunAsync(Restorers(), FakeDegradations.Tasks(3), Pictures.Set(3), s_lines);
        Assert.That(ShardMerge.Of([_folder["a"], _folder["b"]]).Report.ToJson(), Is.EqualTo(whole.ToJson()));
    }

    [Test]
    public async Task What_is_missing_or_there_twice_is_named()
    {
        await Run("a", new Shard(1, 3));
        await Run("b", new Shard(1, 3));
        await Run("c", new Shard(2, 2));
        Directory.CreateDirectory(_folder["empty"]);

        Refused("2 of 3 shards missing: 2/3, 3/3.", "a");
        Refused("Shard 1/3 is there twice: '" + _folder["a"] + "' and '" + _folder["b"] + "'.", "a", "b");
        Refused("holds shard 2/2, '" + _folder["a"] + "' shard 1/3; expected shards of one number.", "a", "c");
        Refused("'" + _folder["empty"] + "' holds no shard", "a", "empty");
    }

    [Test]
    public async Task Shards_of_other_settings_are_refused_by_what_differs()
    {
        await Run("a", new Shard(1, 2));
        await Run("seed", new Shard(2, 2), seed: 9);
        await Run("images", new Shard(2, 2), images: 2);
        await Run("restorers", new Shard(2, 2), restorers: [FakeRestorer.Identity()]);
        await Run("order", new Shard(2, 2), restorers: [.. Restorers().Reverse()]);
        await Run("weights", new Shard(2, 2), restorers: [FakeRestorer.Identity(), new FakeRestorer("shift(0.02)", i => i.Clone(), identity: "0123456789")]);
        await Run("lines", new Shard(2, 2), lines: QualityLines.Input);
        await Run("comparison", new Shard(2, 2), generality: s_generality with { Comparison = LineComparison.AtLeast });

        Refused("seed 0 there, 9 here", "a", "seed");
        Refused("images only there: image3", "a", "images");
        Refused("restorers identity, shift(0.02) there, identity here", "a", "restorers");
        Refused("restorers identity, shift(0.02) there, shift(0.02), identity here", "a", "order");
        Refused("restorers identity, shift(0.02) there, identity, shift(0.02) (01234567) here", "a", "weights");
        Refused("lines 'mine' there, 'input' here", "a", "lines");
        Refused("another comparison", "a", "comparison");
    }

    [Test]
    public async Task A_folder_is_one_shards()
    {
        await Run("a", new Shard(1, 2));

        Assert.That(async () => await Run("a", new Shard(2, 2)), Throws.TypeOf<EvaluationException>().With.Message.Contains("the folder holds shard 1/2, not 2/2"));
        Assert.That(
            async () => await new Benchmark().RunShardAsync(new Shard(1, 1), Restorers(), FakeDegradations.Tasks(1), Pictures.Set(1)),
            Throws.ArgumentException.With.Message.Contains("results.jsonl"));
    }

    [Test]
    public async Task An_image_that_one_shard_cannot_do_is_left_out_of_all()
    {
        IRestorer[] restorers = [FakeRestorer.Identity(), new FakeRestorer("picky", image => image.Height == 32 ? throw new GirExceptionOfTest() : image.Clone())];
        BenchmarkImage[] images = [.. Pictures.Set(2), BenchmarkImage.FromBuffer("odd", Pictures.Gradient(32, 20, 9))];
        BenchmarkOptions Leaving(string folder) => Options(folder) with { LeaveOut = (_, _) => { } };
        GeneralityReport whole = await new Benchmark(Leaving("whole")).RunAsync(restorers, FakeDegradations.Tasks(3), images, s_lines);
        for (int n = 1; n <= 2; n++)
            await new Benchmark(Leaving($"{n}")).RunShardAsync(new Shard(n, 2), restorers, FakeDegradations.Tasks(3), images, s_lines);

        ShardMerge merged = ShardMerge.Of([_folder["1"], _folder["2"]]);

        Assert.That(merged.Report.ToJson(), Is.EqualTo(whole.ToJson()));
        Assert.That(merged.LeftOut.Keys, Is.EqualTo(new[] { "odd" }));
    }

    [TestCase("\"version\": 1", "\"version\": 2", "format version 2")]
    [TestCase("gir-shard", "gir-lard", "not the file of a shard")]
    [TestCase("\"1/1\"", "\"1/0\"", "is no shard")]
    [TestCase("\"resamples\": 50", "\"resamples\": -50", "Expected 0..100,000")]
    [TestCase("\"fingerprint\": \"", "\"fingerprint\": \"0", "results of another configuration")]
    public async Task A_damaged_file_of_a_shard_is_refused(string found, string instead, string told)
    {
        await Run("a", new Shard(1, 1));
        string path = Path.Combine(_folder["a"], "shard.json");
        string json = File.ReadAllText(path);
        Assert.That(json, Does.Contain(found));
        File.WriteAllText(path, json.Replace(found, instead, StringComparison.Ordinal));

        Refused(told, "a");
    }

    private static IRestorer[] Restorers() => [FakeRestorer.Identity(), FakeRestorer.Shift(0.02f)];

    private string Results(string folder) => Path.Combine(_folder[folder], "results.jsonl");

    private BenchmarkOptions Options(string folder)
    {
        Directory.CreateDirectory(_folder[folder]);
        return new BenchmarkOptions { ResultsPath = Results(folder), Generality = s_generality };
    }

    private Task<int> Run(
        string folder,
        Shard shard,
        IRestorer[]? restorers = null,
        int images = 3,
        int threads = 1,
        ulong seed = 0,
        QualityLines? lines = null,
        GeneralityOptions? generality = null,
        IProgress<BenchmarkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        BenchmarkOptions options = Options(folder) with { Seed = seed, Parallelism = new(threads), Generality = generality ?? s_generality };
        DegradationTask[] tasks = FakeDegradations.Tasks(3);
        return new Benchmark(options).RunShardAsync(shard, restorers ?? Restorers(), tasks, Pictures.Set(images), lines ?? s_lines, progress, cancellationToken);
    }

    private void Refused(string told, params string[] folders) =>
        Assert.That(() => ShardMerge.Of([.. folders.Select(f => _folder[f])]), Throws.TypeOf<EvaluationException>().With.Message.Contains(told));

    private sealed class GirExceptionOfTest() : ArgumentException("I do not like odd images.");
}
