using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation.TestSets;
using Gir.Imaging;

namespace Gir.Evaluation.Tests.TestSets;

public sealed class DegradedSetTests
{
    private static readonly BenchmarkImage[] s_images =
    [
        BenchmarkImage.FromBuffer("people/1.png", Images.Gradient(24, 32, 1).Quantized()),
        BenchmarkImage.FromBuffer("sea/1.png", Images.Gradient(28, 24, 2).Quantized()),
    ];

    private static readonly DegradationTask[] s_tasks = [.. TaskSet.Parse("3,9,13"), .. TaskSet.Parse("cross:5:11")];

    [Test]
    public void What_is_built_is_what_was_made_and_what_the_benchmark_makes()
    {
        DegradedSet set = DegradedSet.Create("mine", 7, s_tasks, s_images, new HeuristicDepthEstimator());
        Assert.That(DegradedSet.Create("mine", 7, s_tasks, s_images, new HeuristicDepthEstimator(), new Parallelism(3)).ToJson(), Is.EqualTo(set.ToJson()));
        DegradedSet read = DegradedSet.FromJson(set.ToJson());
        Assert.That(read.ToJson(), Is.EqualTo(set.ToJson()));
        Assert.That((read.Name, read.Seed, read.DepthEstimator), Is.EqualTo(("mine", 7UL, "heuristic")));

        var built = new Dictionary<(int, string), ImageBuffer>();
        // In another order, and with an image that is none of the set's.
        BenchmarkImage[] found = [BenchmarkImage.FromBuffer("other.png", Images.Gradient(16, 16, 3)), s_images[1], s_images[0]];
        IReadOnlyList<string> different = read.Build(found, (task, image, degraded) => built.Add((task, image), degraded), new HeuristicDepthEstimator());
        Assert.That(different, Is.Empty);
        Assert.That(built, Has.Count.EqualTo(8));
        ImageBuffer expected = TaskInput.Degrade(s_tasks[1], 7, "sea/1.png", s_images[1].Load(), null, new HeuristicDepthEstimator(), default);
        Assert.That(built[(1, "sea/1.png")].Samples.SequenceEqual(expected.Samples));
    }

    [Test]
    public void Other_images_other_depth_and_other_results_are_told()
    {
        DegradedSet set = DegradedSet.Create("mine", 7, s_tasks, s_images, new HeuristicDepthEstimator());
        Assert.That(
            () => set.Build([s_images[0]], (_, _, _) => { }, new HeuristicDepthEstimator()),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("'sea/1.png' of 'mine' is missing"));
        Assert.That(
            () => set.Build([s_images[0], BenchmarkImage.FromBuffer("sea/1.png", s_images[0].Load())], (_, _, _) => { }, new HeuristicDepthEstimator()),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("'sea/1.png' is not the one"));
        Assert.That(() => set.Build(s_images, (_, _, _) => { }), Throws.TypeOf<EvaluationException>().With.Message.Contains("depth by 'heuristic'"));

        string hash = System.Text.Json.JsonDocument.Parse(set.ToJson()).RootElement.GetProperty("images")[0].GetProperty("degraded")[2].GetString()!;
        DegradedSet changed = DegradedSet.FromJson(set.ToJson().Replace(hash, new string('0', 64), StringComparison.Ordinal));
        Assert.That(changed.Build(s_images, (_, _, _) => { }, new HeuristicDepthEstimator()), Is.EqualTo(new[] { "13, people/1.png" }));
    }

    [TestCase("people/1.png", "../1.png", "relative path")]
    [TestCase("people/1.png", "/1.png", "relative path")]
    [TestCase("people/1.png", "a/../1.png", "relative path")]
    [TestCase("people/1.png", "a:1.png", "relative path")]
    [TestCase("people/1.png", "sea/1.png", "the same name")]
    [TestCase("gir-degraded-set", "gir-other", "expected an object with")]
    [TestCase("\"seed\": 7", "\"seed\": -7", "seed")]
    [TestCase("\"id\": \"9\"", "\"id\": \"3\"", "distinct ids")]
    [TestCase("noise", "nose", "no operator 'nose'")]
    public void A_file_that_anybody_may_have_written_is_checked(string found, string replaced, string message)
    {
        string json = DegradedSet.Create("mine", 7, s_tasks, s_images, new HeuristicDepthEstimator()).ToJson();
        Assert.That(json, Does.Contain(found));
        Assert.That(() => DegradedSet.FromJson(json.Replace(found, replaced, StringComparison.Ordinal), "set.json"), Throws.TypeOf<EvaluationException>().With.Message.Contains(message));
    }
}
