using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gir.Degradations.Tasks;
using Gir.Evaluation.TestSets;
using Gir.Imaging;

namespace Gir.Evaluation.Tests.TestSets;

public sealed class TestSetTests
{
    private static readonly TestSetDefinition s_tiny = new("tiny", [8004, 8005]) { Height = 16, Width = 20, Seed = 3, CrossValidationSeed = 9 };
    private static readonly TestSet s_set = TestSet.Create(s_tiny);

    [Test]
    public void The_standard_set_has_eight_scenes_and_the_hundred_tasks()
    {
        TestSet set = TestSet.Load(TestSet.Standard);

        Assert.That(TestSet.Names, Does.Contain(TestSet.Standard));
        Assert.That(set.Name, Is.EqualTo("gir-scenes-v1"));
        Assert.That(set.Images.Select(i => i.Name), Is.EqualTo(Enumerable.Range(1, 8).Select(i => $"scene-{i}")));
        Assert.That(set.Representative, Has.Count.EqualTo(50));
        Assert.That(set.CrossValidation, Has.Count.EqualTo(50));
        Assert.That(set.Hash, Is.EqualTo("5a89af27b82a8e9a7cfba0357a69b80535ab1bc0fcc4c97ba3883055fb0cc207"), "lines and results refer to it");
    }

    [Test]
    public void A_scene_of_the_standard_set_and_its_degraded_images_are_rebuilt_bit_for_bit()
    {
        TestSet set = TestSet.Load(TestSet.Standard);
        BenchmarkImage image = set.Images[1];

        ImageBuffer clean = image.Load();
        Assert.That(clean.ToString(), Is.EqualTo("3 x 192 x 256"));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(clean.ToInterleaved())), Is.EqualTo(image.Hash.Split('+')[0]));
        Assert.That(clean.Samples.ToArray(), Is.EqualTo(clean.Quantized().Samples.ToArray()));
        Assert.That(image.LoadDepth()!.ToString(), Is.EqualTo("1 x 192 x 256"));
        Assert.That(() => set.Verify([RepresentativeTasks.Find("2"), RepresentativeTasks.Find("10")]), Throws.Nothing);
    }

    [Test]
    [Explicit("Rebuilds everything: about 4 s.")]
    public void The_whole_standard_set_is_rebuilt_bit_for_bit([Values(1, 2, 3)] int threads) =>
        Assert.That(() => TestSet.Load(TestSet.Standard).Verify(parallelism: new Parallelism(threads)), Throws.Nothing);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void A_set_of_ones_own_is_the_same_for_any_number_of_threads_and_survives_its_JSON(int threads)
    {
        TestSet again = TestSet.Create(s_tiny, new Parallelism(threads));
        TestSet read = TestSet.FromJson(again.ToJson());

        Assert.That(again.ToJson(), Is.EqualTo(s_set.ToJson()));
        Assert.That(read.ToJson(), Is.EqualTo(s_set.ToJson()));
        Assert.That(read.Hash, Is.EqualTo(s_set.Hash));
        Assert.That(() => read.Verify(parallelism: new Parallelism(threads)), Throws.Nothing);
    }

    [Test]
    public void Equal_hashes_mean_comparable_results()
    {
        TestSet otherSeed = TestSet.Create(s_tiny with { Seed = 4 });
        TestSet otherTasks = TestSet.Create(s_tiny with { CrossValidationSeed = 10 });

        Assert.That(otherSeed.Hash, Is.Not.EqualTo(s_set.Hash));
        Assert.That(otherTasks.Hash, Is.EqualTo(s_set.Hash), "the images are the same; tasks have ids of their own");
        Assert.That(otherTasks.CrossValidation[0].Id, Is.Not.EqualTo(s_set.CrossValidation[0].Id));
        Assert.That(new Benchmark(new BenchmarkOptions { Seed = 3 }).Describe(s_set.Representative, s_set.Images).ImagesHash(), Is.EqualTo(s_set.Hash));
    }

    [Test]
    public void A_set_is_loaded_from_a_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["set.json"], s_set.ToJson());

        Assert.That(TestSet.Load(folder["set.json"]).Hash, Is.EqualTo(s_set.Hash));
        Assert.That(() => TestSet.Load(folder["none.json"]), Throws.TypeOf<EvaluationException>().With.Message.Contains("gir-scenes-v1"));
    }

    [TestCase("image", "scene-2: rebuilt")]
    [TestCase("depth", "scene-2, depth: rebuilt")]
    public void Another_scene_than_the_manifests_is_an_error_that_names_it(string hash, string told)
    {
        TestSet set = Changed(m => m["scenes"]![1]![hash] = new string('0', 64));

        Assert.That(() => set.Images[0].Load(), Throws.Nothing);
        Assert.That(() => set.Images[1].Load(), Throws.TypeOf<EvaluationException>().With.Message.Contains(told).And.Message.Contains(new string('0', 64)));
        Assert.That(() => set.Verify(), Throws.TypeOf<EvaluationException>().With.Message.Contains(told));
    }

    [Test]
    public void Another_degraded_image_than_the_manifests_is_an_error_that_names_scene_and_task()
    {
        string actual = JsonNode.Parse(s_set.ToJson())!["representative"]![3]!.GetValue<string>();
        TestSet set = Changed(m => m["representative"]![3] = new string('a', 64));

        Assert.That(
            () => set.Verify(),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("scene-2, task '4'").And.Message.Contains(actual).And.Message.Contains(new string('a', 64)));
        Assert.That(() => set.Verify(RepresentativeTasks.Single.Where(t => t.Id != "4")), Throws.Nothing);
    }

    [Test]
    public void Tasks_of_others_are_not_checked_even_under_the_same_id()
    {
        TestSet set = Changed(m => m["representative"]![1] = new string('a', 64));
        DegradationTask own = RepresentativeTasks.Find("3") with { Id = "2" };

        Assert.That(() => set.Verify([own, .. RandomTaskSampler.CrossValidation(77)]), Throws.Nothing);
        Assert.That(() => set.Verify([RepresentativeTasks.Find("2")]), Throws.TypeOf<EvaluationException>());
    }

    [Test]
    public void Canceling_stops()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();

        Assert.That(() => s_set.Verify(cancellationToken: canceled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => TestSet.Create(s_tiny, cancellationToken: canceled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("", "not a test set")]
    [TestCase("null", "not a test set")]
    [TestCase("[]", "not a test set")]
    [TestCase("{}", "not a test set")]
    [TestCase("\"\\ud800\"", "not a test set")]
    public void Text_that_is_no_manifest_is_refused(string json, string told) =>
        Assert.That(() => TestSet.FromJson(json, "here.json"), Throws.TypeOf<EvaluationException>().With.Message.StartsWith("here.json: ").And.Message.Contains(told));

    [TestCase("format", "\"gir-report\"", "expected an object with \"format\": \"gir-test-set\"")]
    [TestCase("version", "2", "format version 2; this is version 1")]
    [TestCase("name", "\"\"", "name: expected")]
    [TestCase("name", "\"a/b\"", "name: expected")]
    [TestCase("name", "null", "$.name: found null")]
    [TestCase("height", "15", "size 15 x 20")]
    [TestCase("width", "1000000000", "size 16 x 1000000000")]
    [TestCase("height", "1e3", "not a test set")]
    [TestCase("seed", "-1", "not a test set")]
    [TestCase("scenes", "null", "$.scenes: found null")]
    [TestCase("scenes", "[]", "0 scenes: expected 1..256")]
    [TestCase("scenes", "[null]", "$.scenes[0]: found null")]
    [TestCase("scenes", "[{\"name\": \"a\", \"seed\": 1}]", "not a test set")]
    [TestCase("scenes", "[{\"name\": \"a\", \"seed\": 1, \"image\": \"00\", \"depth\": null}]", "$.scenes[0].depth: found null")]
    [TestCase("representative", "[]", "representative: expected 50")]
    [TestCase("crossValidation", "null", "$.crossValidation: found null")]
    [TestCase("surprise", "1", "not a test set")]
    public void A_manifest_with_a_wrong_value_is_refused(string property, string value, string told)
    {
        JsonNode manifest = JsonNode.Parse(s_set.ToJson())!;
        manifest[property] = JsonNode.Parse(value);

        Assert.That(() => TestSet.FromJson(manifest.ToJsonString(), "here.json"), Throws.TypeOf<EvaluationException>().With.Message.StartsWith("here.json: ").And.Message.Contains(told));
    }

    [Test]
    public void A_manifest_cannot_ask_for_much_memory()
    {
        Assert.That(() => Changed(m => (m["height"], m["width"]) = (4096, 4096)), Throws.TypeOf<EvaluationException>().With.Message.Contains("pixels in all"));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["long.json"], new byte[1 << 19]);
        Assert.That(() => TestSet.Load(folder["long.json"]), Throws.TypeOf<EvaluationException>().With.Message.Contains("at most 262144 bytes"));
    }

    [Test]
    public void A_definition_is_checked()
    {
        Assert.That(() => TestSet.Create(s_tiny with { Name = " " }), Throws.ArgumentException.With.Message.Contains("name"));
        Assert.That(() => TestSet.Create(s_tiny with { Height = 8 }), Throws.ArgumentException.With.Message.Contains("size 8 x 20"));
        Assert.That(() => TestSet.Create(s_tiny with { SceneSeeds = [] }), Throws.ArgumentException.With.Message.Contains("0 scenes"));
        Assert.That(() => TestSet.Create(s_tiny with { SceneSeeds = [5, 5] }), Throws.ArgumentException.With.Message.Contains("same seed"));
    }

    private static TestSet Changed(Action<JsonNode> change)
    {
        JsonNode manifest = JsonNode.Parse(s_set.ToJson())!;
        change(manifest);
        return TestSet.FromJson(manifest.ToJsonString());
    }
}
