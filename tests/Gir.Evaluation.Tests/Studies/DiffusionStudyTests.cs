using Gir.Evaluation.Recipes;
using Gir.Evaluation.Studies.Diffusion;
using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Metrics.Analysis;

namespace Gir.Evaluation.Tests.Studies;

/// <summary>The whole study on scenes and networks of the tiniest sizes: it ends, goes on where it stopped, and comes to the same numbers.</summary>
[Parallelizable(ParallelScope.None)]
public sealed class DiffusionStudyTests
{
    private const string Recipe =
        """
        {
          "name": "tiny", "architecture": "UNet", "hyperParameters": { "dim": 2 }, "tasks": ["blur(sigma=1) + noise(sigma=8)"], "batch": 2, "patch": 32, "saveEvery": 2, "logEvery": 1,
          "images": { "scenes": 4, "sceneHeight": 32, "sceneWidth": 32 },
          "latentDiffusion": { "stages": { "initial": 2, "autoencoder": 2, "prior": 2, "control": 2 }, "diffusionBatch": 2, "autoencoderChannels": 4, "channels": 4, "groups": 2 }
        }
        """;

    private TemporaryFolder? _folder;
    private string _training = "";

    [OneTimeSetUp]
    public void Train()
    {
        Machine.RequireVectors();
        _folder = new TemporaryFolder();
        _training = _folder["training"];
        var training = new GenerativeTraining(TrainingRecipe.FromJson(Recipe), new RecipeTrainingOptions { Output = _training });
        Assert.That(training.Train(), Is.True);
    }

    [OneTimeTearDown]
    public void Remove() => _folder?.Dispose();

    [Test]
    public void All_experiments_run_and_are_not_run_again()
    {
        DiffusionStudyOptions options = Tiny(_folder!["study"]);
        var parts = new HashSet<string>();
        IReadOnlyList<StudyResult> results = new DiffusionStudy(_training, options).Run(progress: new Told<DiffusionStudyProgress>(p =>
        {
            lock (parts)
                parts.Add(p.Part);
        }));
        Assert.That(results.Select(r => r.Experiment), Is.EqualTo(DiffusionStudy.Experiments));
        Assert.That(parts, Is.SupersetOf(new[] { "plane", "pixels", "training dncnn", "training f8-z4", "training short-noise, prior", "training short-pixels, control" }));
        foreach (StudyResult result in results)
        {
            Assert.That(result.Rows, Is.Not.Empty, result.Experiment);
            foreach (StudyRow row in result.Rows)
            {
                Assert.That(row.Values.Keys, Is.SupersetOf(new[] { "psnr", "ssim", "deep", "alignment", "local", "flips", "alignmentLow", "spread" }));
                Estimate psnr = row.Values["psnr"];
                Assert.That(psnr.Value, Is.InRange(psnr.Low!.Value, psnr.High!.Value), $"{result.Experiment}: {row}");
            }
        }

        // Nothing to restore: the input is the scene.
        StudyRow input = Row(results, "blur", "input", "blur 0");
        Assert.That((input.Values["psnr"].Value, input.Values["deep"].Value, input.Values["flips"].Value), Is.EqualTo((60.0, 0.0, 0.0)));
        Assert.That(input.Values["alignment"].Value, Is.EqualTo(1).Within(1e-6));
        Assert.That(Row(results, "cost", "cldm-2", "deblur").Values["multiplyAdds"].Value, Is.GreaterThan(Row(results, "cost", "cldm-1", "deblur").Values["multiplyAdds"].Value));
        Assert.That(Row(results, "ceiling", "f4-z4", "factor 4, 4 channels").Values.Keys, Is.SupersetOf(new[] { "band1", "band4" }));
        Assert.That(results[1].Notes, Has.Count.EqualTo(6).And.All.Contains("overtakes"));
        Assert.That(Directory.GetFiles(options.Output, "*.png"), Has.Length.EqualTo(3));

        // A file that says something else is taken as it is; those that are missing are done again, to the same numbers.
        string blur = new DiffusionStudy(_training, options).PathOf("blur");
        string before = File.ReadAllText(blur);
        File.WriteAllText(blur, before.Replace("overtakes", "leaves behind", StringComparison.Ordinal));
        string start = new DiffusionStudy(_training, options).PathOf("start");
        string expected = File.ReadAllText(start);
        File.Delete(start);
        IReadOnlyList<StudyResult> again = new DiffusionStudy(_training, options with { Parallelism = new Parallelism(2) }).Run(["blur", "start"]);
        Assert.That(again[0].Notes, Has.All.Contains("leaves behind"));
        Assert.That(File.ReadAllText(start), Is.EqualTo(expected));
        Assert.That(() => new DiffusionStudy(_training, options with { Seeds = 2 }).Run(["blur"]), Throws.TypeOf<EvaluationException>().With.Message.Contains("another study"));
    }

    [Test]
    public void What_is_no_study_is_refused()
    {
        Assert.That(() => new DiffusionStudy(_folder!["nowhere"], Tiny("x")), Throws.TypeOf<EvaluationException>().With.Message.Contains("recipe.json"));
        Assert.That(() => new DiffusionStudy(_training, Tiny("x") with { Images = 1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new DiffusionStudy(_training, Tiny("x") with { BlurLevels = [1, 1] }), Throws.ArgumentException.With.Message.Contains("ascending"));
        Assert.That(() => new DiffusionStudy(_training, Tiny("x")).Run(["nothing"]), Throws.ArgumentException.With.Message.Contains("plane, blur"));
        Assert.That(() => new DiffusionStudy(_training, Tiny("x")).PathOf("nothing"), Throws.ArgumentException);
    }

    [Test]
    public void Energy_lies_where_the_frequency_is()
    {
        var image = new ImageBuffer(1, 32, 32);
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 32; x++)
                image[0, y, x] = (float)(0.5 + (0.25 * Math.Cos(2 * Math.PI * 2 * x / 32)) + (0.125 * Math.Cos(Math.PI * y)));
        }

        // A cosine of amplitude a has a^2 n^2 / 2 of energy over n values, one at the edge of the spectrum a^2 n^2.
        double[] bands = SpectralBands.Of(image);
        double squared = 1024.0 * 1024;
        Assert.That(bands, Is.EqualTo(new[] { 0.0625 / 2 * squared, 0, 0, 0.015625 * squared }).Within(0.1));
    }

    [Test]
    public void Resamples_of_pairs_keep_images_together()
    {
        var bench = new StudyBench(Tiny("x") with { Images = 3 }, 32, null);
        double[][] first = [[1], [2], [3]];
        double[][] second = [[2], [4], [6]];
        Estimate ratio = bench.Of(first, second, (a, b) => b.Sum(v => v[0]) / a.Sum(v => v[0]));
        Assert.That(ratio, Is.EqualTo(new Estimate(2, 2, 2)));
        Estimate mean = bench.Mean([1, 2, 3]);
        Assert.That(mean.Value, Is.EqualTo(2));
        Assert.That(mean.Low, Is.InRange(1, 1.5));
        Assert.That(mean.High, Is.InRange(2.5, 3));
        Assert.That(bench.Scenes[0].Samples.ToArray(), Is.EqualTo(SceneGenerator.Create(5_000_000, 32, 32).Image.Quantized().Samples.ToArray()));
    }

    private static StudyRow Row(IReadOnlyList<StudyResult> results, string experiment, string system, string setting) =>
        results.Single(r => r.Experiment == experiment).Rows.Single(r => r.System == system && r.Setting == setting);

    private static DiffusionStudyOptions Tiny(string output) => new()
    {
        Output = output, Images = 2, Seeds = 1, Steps = 2, StepCounts = [1, 2], BlurLevels = [0, 2], NetworkSteps = 1, CeilingSteps = 1, VariantSteps = 1, Resamples = 100,
    };
}
