using Gir.Evaluation.Quality;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Metrics.Quality;
using Gir.Models.Tensors;

namespace Gir.Evaluation.Tests.Quality;

/// <summary>Learned quality models are made from a recipe, stop and go on to the same bits, and are tested on scenes of their own.</summary>
[TestFixture]
[OnePass]
public class QualityTrainingTests
{
    private const string Recipe = """
        {
          "format": "gir-quality-recipe", "version": 1, "name": "tiny", "description": "", "seed": 3, "side": 192, "photographs": 0, "scenes": 2, "firstScene": 20,
          "missing": ["blur(size=31).sigma=0.8,1.6,3.2", "median.passes=2,8"], "added": ["noise.sigma=5,15,45", "texture.sigma=6,24"], "mixed": ["algorithm-artifact(blur=1.2,noise=5).iterations=4,20"], "sharpened": ["unsharp.amount=1,4"],
          "unseen": ["blur(kind=disk).radius=1,4"], "chains": ["blur(sigma=2) + noise(sigma=20)"], "degraded": ["noise(sigma=20)"], "restorers": ["gaussian(sigma=1)"],
          "hidden": [64, 32], "iterations": 250, "batch": 48, "learningRate": 0.003, "weightDecay": 0.01, "featureNoise": 0.1, "spread": 0.5, "divergence": 0.5
        }
        """;

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        File.WriteAllText(_folder["tiny.json"], Recipe);
        Directory.CreateDirectory(_folder["photographs"]);
        // Larger than the recipe's pictures: the middle is taken.
        ImageFile.Save(_folder["photographs/one.png"], SceneGenerator.Create(77, 194, 200).Image);
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_training_that_was_stopped_goes_on_to_the_same_bits_and_orders_what_it_learned()
    {
        QualityTraining whole = Training("whole", 2, withTest: true);
        Assert.That(whole.SceneCount, Is.EqualTo(3));
        whole.Measure();
        Assert.That(whole.Train(), Is.True);

        // The same features, measured on one thread.
        QualityTraining halves = Training("halves", 1, withTest: false);
        halves.Measure();
        foreach (string file in Directory.GetFiles(_folder["whole/learn"]))
            Assert.That(File.ReadAllBytes(_folder[$"halves/learn/{Path.GetFileName(file)}"]), Is.EqualTo(File.ReadAllBytes(file)));
        foreach (string model in new[] { "nr", "fr" })
        {
            using var stop = new CancellationTokenSource();
            Assert.That(Training("halves", 1, withTest: false).Train(new Told<QualityProgress>(p => StopAt(p, model, stop)), stop.Token), Is.False, model);
        }

        QualityTraining rest = Training("halves", 1, withTest: false);
        Assert.That(rest.Train(), Is.True);
        foreach (string model in new[] { "nr", "fr" })
            Assert.That(File.ReadAllBytes(rest.ModelPath(model)), Is.EqualTo(File.ReadAllBytes(whole.ModelPath(model))), model);

        QualityGateReport report = whole.Judge();
        Assert.That(report.Rows.Select(r => r.Metric), Is.SupersetOf(new[] { "gir-iqa-nr", "gir-iqa-fr", "niqe", "piqe", "brisque (retrained)", "psnr" }));
        Assert.That(report.Rows[0].Operators.Keys, Is.EquivalentTo(new[] { "blur(size=31).sigma", "median.passes", "noise.sigma", "texture.sigma", "unsharp.amount", "blur(kind=disk).radius" }));
        // One other scene after 250 steps on two: what is ordered by the reference is easily learned.
        QualityGateRow learned = report.Rows.Single(r => r.Metric == "gir-iqa-fr");
        Assert.That(learned.Sweeps, Is.GreaterThanOrEqualTo(0.8));
        Assert.That(learned.WithinScene, Is.GreaterThan(0.6));
        Assert.That(File.Exists(_folder["whole/gate.json"]));
    }

    [Test]
    public void The_networks_scores_are_the_models()
    {
        var head = new QualityHead(89, [64, 32], 5);
        Dictionary<string, Tensor> state = head.StateDictionary().ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        foreach (Tensor tensor in state.Values)
            tensor.Storage.Write([.. tensor.ToArray().Select(v => (float)(Half)v)]);
        using var stream = new MemoryStream();
        QualityModel.Write(stream, "x", QualityFeatureSet.NoReference, new float[89], [.. Enumerable.Repeat(1f, 89)], head.Layers(state));
        float[] features = [.. Enumerable.Range(0, 89).Select(i => MathF.Sin(i) * 3)];
        float[] expected = QualityLoss.Scores(head.Call(Tensor.From(features, [1, 89]))).ToArray();
        QualityScores scores = QualityModel.Read(stream.ToArray(), "x").Score([.. features.Select(f => (double)f)]);
        double[] actual = [scores.Completeness, scores.Conciseness, scores.Clarity, scores.Naturalness, scores.Overall];
        // Single precision against double.
        Assert.That(actual, Is.EqualTo(expected).Within(1e-5));
    }

    [TestCase("\"hidden\": [64, 32]", "\"hidden\": [64]", "hidden")]
    [TestCase("\"iterations\": 250", "\"iterations\": 0", "iterations 0")]
    [TestCase("\"spread\": 0.5", "\"spread\": 0", "spread 0")]
    [TestCase("\"seed\": 3", "\"seed\": 3, \"sead\": 4", "sead")]
    [TestCase("median.passes=2,8", "median.passes=2,x", "found 'x'")]
    [TestCase("gir-quality-recipe", "gir-recipe", "gir-quality-recipe")]
    public void A_recipe_that_means_nothing_is_refused(string good, string bad, string told)
    {
        string path = _folder["bad.json"];
        File.WriteAllText(path, Recipe.Replace(good, bad, StringComparison.Ordinal));
        Assert.That(() => new QualityTraining(path, new QualityTrainingOptions { Output = _folder["bad"] }), Throws.InstanceOf<GirException>().With.Message.Contains(told));
    }

    [Test]
    public void The_recipe_that_comes_with_the_package_is_valid()
    {
        Assert.That(QualityRecipe.Names, Does.Contain("gir-iqa-synthetic-v1"));
        var recipe = QualityRecipe.Load("gir-iqa-synthetic-v1");
        var variants = new QualityVariants(recipe, withUnseen: true);
        Assert.That(variants.Variants.Where(v => v.IsSweep).CountBy(v => (v.Kind, v.Group)).Select(c => c.Value), Is.All.EqualTo(6));
        Assert.That(variants.Variants.Select(v => v.Id), Is.Unique);
    }

    private static void StopAt(QualityProgress progress, string model, CancellationTokenSource stop)
    {
        if (progress.Model == model && progress.Step == 100)
            stop.Cancel();
    }

    private QualityTraining Training(string folder, int threads, bool withTest) => new(_folder["tiny.json"], new QualityTrainingOptions
    {
        Test = withTest ? _folder["photographs"] : null,
        Output = _folder[folder],
        Parallelism = new Parallelism(threads),
    });
}
