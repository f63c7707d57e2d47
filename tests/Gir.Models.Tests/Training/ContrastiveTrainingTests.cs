using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Serialization;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Training;

public sealed class ContrastiveTrainingTests
{
    private const string Tiny =
        """{"scale": 1, "n_groups": 1, "n_blocks": 1, "n_feats": 8, "encoder_widths": [8, 8, 8], "queue": 16, "momentum": 0.9, "shifts_mean": false}""";

    private static readonly TrainerOptions Options = TrainingFixture.Options with { LearningRate = 2e-3, WeightDecay = 0 };

    [Test]
    public void Both_stages_resume_with_the_same_bits()
    {
        var objective = new ContrastiveObjective { EncoderIterations = 3 };
        TrainerOptions options = Options with { Output = TrainingFixture.Folder("dasr-straight") };
        byte[] last = File.ReadAllBytes(Train(options, objective).LastCheckpoint);
        TrainerOptions halted = options with { Output = TrainingFixture.Folder("dasr-halted"), StopAfter = 2 };
        for (int i = 0; i < 3; i++)
            Train(halted, objective);
        Assert.That(File.ReadAllBytes(Trainer.LastCheckpointPath(halted.Output)).AsSpan().SequenceEqual(last), Is.True);
        Assert.That(TrainingFixture.Log(halted.Output), Is.EqualTo(TrainingFixture.Log(options.Output)));
        Assert.That(Checkpoint.Load(Trainer.LastCheckpointPath(halted.Output)).Tensors["weights/E.queue_ptr"].ToArray(), Is.EqualTo(new float[] { 6 * 2 % 16 }));
    }

    [Test]
    public void First_only_the_encoder_learns_then_everything()
    {
        RestorationNetwork network = TrainingFixture.Network("DASR", Tiny);
        TrainerOptions options = Options with { Output = TrainingFixture.Folder("dasr-stages"), StopAfter = 3 };
        Dictionary<string, float[]> before = State();
        Train(options, new ContrastiveObjective { EncoderIterations = 3 }, network);
        Dictionary<string, float[]> pretrained = State();
        Assert.That(Changed(before, pretrained), Does.Contain("E.encoder_q.E.0.weight").And.Contain("E.encoder_k.E.0.weight").And.Contain("E.queue"));
        Assert.That(Changed(before, pretrained), Has.None.StartsWith("G."));
        Train(options, new ContrastiveObjective { EncoderIterations = 3 }, network);
        Assert.That(Changed(pretrained, State()), Does.Contain("G.head.0.weight").And.Contain("E.encoder_q.E.0.weight"));
        Assert.That(TrainingFixture.Log(options.Output).Skip(1).Select(row => row.Split(',')[3]), Is.EqualTo(new[] { "0.001", "0.001", "0.0001", "0.002", "0.001500025", "0.0005000750000000002" }));

        Dictionary<string, float[]> State() => network.Module.StateDictionary().ToDictionary(e => e.Key, e => e.Value.ToArray());
        static string[] Changed(Dictionary<string, float[]> a, Dictionary<string, float[]> b) => [.. a.Keys.Where(k => !a[k].SequenceEqual(b[k]))];
    }

    [Test]
    public void The_encoder_learns_to_tell_degradations_apart()
    {
        var options = new TrainerOptions { Iterations = 81, StopAfter = 80, LogEvery = 1, Output = TrainingFixture.Folder("dasr-contrast") };
        RestorationNetwork network = TrainingFixture.Network("DASR", Tiny.Replace("16", "32", StringComparison.Ordinal));
        Train(options, new ContrastiveObjective { EncoderIterations = 80 }, network, Source(batch: 8, patch: 8));
        double[] losses = [.. TrainingFixture.Log(options.Output).Skip(1).Select(row => double.Parse(row.Split(',')[1], CultureInfo.InvariantCulture))];
        // The queue begins with random keys, which are easy to tell from; from step 4 on it holds real ones.
        Assert.That(losses[^16..].Average(), Is.LessThan(0.8 * losses[8..24].Average()));
    }

    [Test]
    public void What_does_not_fit_is_said_before_the_first_step()
    {
        var objective = new ContrastiveObjective { EncoderIterations = 3 };
        Assert.Multiple(() =>
        {
            Assert.That(() => new Trainer(TrainingFixture.Network(), Source(), Options, objective: objective), Throws.ArgumentException.With.Message.Contains("DASR"));
            Assert.That(() => new Trainer(TrainingFixture.Network("DASR", Tiny), TrainingFixture.Source(), Options, objective: objective), Throws.ArgumentException.With.Message.Contains("Contrast"));
            Assert.That(() => new Trainer(TrainingFixture.Network("DASR", Tiny), Source(batch: 3), Options, objective: objective), Throws.ArgumentException.With.Message.Contains("queue"));
            Assert.That(() => new Trainer(TrainingFixture.Network("DASR", Tiny), Source(), Options, objective: new ContrastiveObjective()), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("50000"));
            Assert.That(() => new Trainer(TrainingFixture.Network("DASR", Tiny), Source(), Options, objective: objective with { ContrastWeight = -1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    // A cast of color: every degradation differs from every other.
    private static PatchPairSource Source(int batch = 2, int patch = 16) => new(
        [new("cast", [new("a", TrainingFixture.Image(40, 48, 3))], Cast)], new PatchPairOptions { PatchSize = patch, BatchSize = batch, Contrast = true });

    private static ImageBuffer Cast(ImageBuffer image, PhiloxRandom random)
    {
        for (int c = 0; c < image.Channels; c++)
        {
            float factor = (float)random.NextDouble();
            foreach (ref float sample in image.Plane(c))
                sample *= factor;
        }

        return image;
    }

    private static TrainingResult Train(TrainerOptions options, ContrastiveObjective objective, RestorationNetwork? network = null, PatchPairSource? source = null) =>
        new Trainer(network ?? TrainingFixture.Network("DASR", Tiny), source ?? Source(), options, objective: objective).Run();
}
