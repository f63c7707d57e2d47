using Gir.Imaging.Files;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Training;

public sealed class TrainerTests
{
    [TestCase("SRCNN", """{"features": [4, 3], "kernels": [5, 1, 3]}""")]
    [TestCase("SRResNet", """{"num_feat": 8, "num_block": 1, "upscale": 1}""")]
    [TestCase("DnCNN", """{"in_nc": 3, "nc": 6, "nb": 4, "act_mode": "BR"}""")]
    [TestCase("SRCNN", """{"features": [24, 16], "kernels": [5, 1, 3]}""", TrainingOptimizer.Muon)]
    public void A_training_interrupted_at_any_step_ends_with_the_same_bits(string architecture, string hyper, TrainingOptimizer optimizer = TrainingOptimizer.Adam)
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder($"straight-{architecture}-{optimizer}"), Optimizer = optimizer };
        TrainingResult straight = Run(options, architecture, hyper);
        Assert.That((straight.IsComplete, straight.FirstStep), Is.EqualTo((true, 0L)));
        byte[] last = File.ReadAllBytes(straight.LastCheckpoint);
        byte[] best = File.ReadAllBytes(straight.BestCheckpoint!);
        string[] log = TrainingFixture.Log(options.Output);
        Assert.That(log, Has.Length.EqualTo(7));

        TrainerOptions halted = options with { Output = TrainingFixture.Folder($"halted-{architecture}-{optimizer}"), StopAfter = 2 };
        for (int done = 0; done < 6; done += 2)
            Assert.That(Run(halted, architecture, hyper).Step, Is.EqualTo(done + 2));
        Assert.That(File.ReadAllBytes(Trainer.LastCheckpointPath(halted.Output)).AsSpan().SequenceEqual(last), Is.True);
        Assert.That(File.ReadAllBytes(Trainer.BestCheckpointPath(halted.Output)).AsSpan().SequenceEqual(best), Is.True);
        Assert.That(TrainingFixture.Log(halted.Output), Is.EqualTo(log));
    }

    [Test]
    public void Work_since_the_last_checkpoint_is_done_again_without_a_trace()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("kill-straight"), SaveEvery = 2 };
        TrainingResult straight = Run(options);
        TrainerOptions killed = options with { Output = TrainingFixture.Folder("kill") };
        // As a kill leaves it: the checkpoint of step 2, a log that is further and torn, and an unfinished file.
        Run(killed with { StopAfter = 2 });
        byte[] second = File.ReadAllBytes(Trainer.LastCheckpointPath(killed.Output));
        Run(killed with { StopAfter = 3 });
        File.WriteAllBytes(Trainer.LastCheckpointPath(killed.Output), second);
        File.AppendAllText(Trainer.LogPath(killed.Output), "6,0.1");
        File.WriteAllText(Path.Combine(killed.Output, $".last.safetensors.1-1-{AtomicFile.Machine}.partial"), "half");
        TrainingResult resumed = Run(killed);
        Assert.That(resumed.FirstStep, Is.EqualTo(2));
        Assert.That(File.ReadAllBytes(resumed.LastCheckpoint).AsSpan().SequenceEqual(File.ReadAllBytes(straight.LastCheckpoint)), Is.True);
        Assert.That(TrainingFixture.Log(killed.Output), Is.EqualTo(TrainingFixture.Log(options.Output)));
        Assert.That(Directory.GetFiles(killed.Output).Select(Path.GetFileName), Is.EquivalentTo(new[] { "last.safetensors", "best.safetensors", "log.csv" }));
    }

    [Test]
    public void A_finished_training_is_not_done_again()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("finished") };
        TrainingResult first = Run(options);
        byte[] last = File.ReadAllBytes(first.LastCheckpoint);
        RestorationNetwork network = TrainingFixture.Network();
        TrainingResult again = new Trainer(network, TrainingFixture.Source((_, _) => throw new InvalidOperationException("no patch is needed")), options, TrainingFixture.Rate).Run();
        Assert.That((again.FirstStep, again.IsComplete, again.Best, again.Loss), Is.EqualTo((6L, true, first.Best, first.Loss)));
        Assert.That(File.ReadAllBytes(again.LastCheckpoint), Is.EqualTo(last));
    }

    [Test]
    public void Canceling_saves_and_the_validation_that_was_cut_short_is_made_up_for()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("cancel"), SaveEvery = 100 };
        string[] expected = Logged(options with { Output = TrainingFixture.Folder("cancel-straight") });
        using var cancellation = new CancellationTokenSource();
        double Cancel(RestorationNetwork network, CancellationToken token)
        {
            cancellation.Cancel();
            token.ThrowIfCancellationRequested();
            return 0;
        }

        TrainingResult cut = new Trainer(TrainingFixture.Network(), TrainingFixture.Source(), options, Cancel).Run(null, cancellation.Token);
        Assert.That((cut.Step, cut.IsComplete, cut.Validation), Is.EqualTo((2L, false, (double?)null)));
        Assert.That(Logged(options), Is.EqualTo(expected));

        static string[] Logged(TrainerOptions options)
        {
            Run(options);
            return TrainingFixture.Log(options.Output);
        }
    }

    [Test]
    public void The_best_checkpoint_is_the_averaged_network_that_was_validated()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("best"), Metadata = new Dictionary<string, string> { ["license"] = "MIT" } };
        TrainingResult result = Run(options);
        RestorationNetwork best = ModelZoo.LoadNetwork(result.BestCheckpoint!);
        Assert.That(best.Architecture, Is.EqualTo("SRCNN"));
        Assert.That(TrainingFixture.Rate(best, default), Is.EqualTo(result.Best));
        Assert.That(ModelZoo.Load(result.BestCheckpoint!).Info.License, Is.EqualTo("MIT"));
    }

    [Test]
    public void Without_a_validation_the_latest_weights_are_published()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("latest"), EmaDecay = null };
        RestorationNetwork network = TrainingFixture.Network();
        TrainingResult result = new Trainer(network, TrainingFixture.Source(), options).Run();
        Assert.That((result.Best, result.Validation), Is.EqualTo(((double?)null, (double?)null)));
        foreach ((string key, CheckpointTensor tensor) in Checkpoint.Load(result.BestCheckpoint!).Tensors)
            Assert.That(tensor.ToArray(), Is.EqualTo(network.Module.StateDictionary().Single(e => e.Key == key).Value.ToArray()), key);
    }

    [Test]
    public void Another_configuration_is_refused_by_what_differs()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("differs"), StopAfter = 1 };
        Run(options);
        Assert.Multiple(() =>
        {
            AssertRefused(options with { LearningRate = 1 }, TrainingFixture.Source(), "learning rate: found 0.01, expected 1");
            AssertRefused(options with { Optimizer = TrainingOptimizer.Muon }, TrainingFixture.Source(), "optimizer: found adam, expected muon");
            AssertRefused(options with { EmaDecay = null }, TrainingFixture.Source(), "EMA decay: found 0.5, expected none");
            AssertRefused(options, TrainingFixture.Source(seed: 5), "seed: found 0, expected 5");
            AssertRefused(options, new PatchPairSource([TrainingFixture.Tasks()[0]], TrainingFixture.Source().Options), "tasks: found 2 tasks");
        });
        Assert.That(Run(options with { SaveEvery = 3, LogEvery = 5, StopAfter = null }).IsComplete, Is.True, "what decides no bit may change");

        static void AssertRefused(TrainerOptions options, PatchPairSource source, string difference) => Assert.That(
            () => new Trainer(TrainingFixture.Network(), source, options).Run(),
            Throws.TypeOf<TrainingConfigurationException>().With.Message.Contains(difference).And.Property("Differences").Count.EqualTo(1));
    }

    [TestCase(false, "loss")]
    [TestCase(true, "gradient's norm")]
    public void Divergence_is_told_and_leaves_the_checkpoints_alone(bool inGradient, string what)
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("diverged") };
        var objective = new DivergingObjective(2, inGradient);
        Train(options with { StopAfter = 2 });
        byte[] last = File.ReadAllBytes(Trainer.LastCheckpointPath(options.Output));
        Assert.That(
            () => Train(options),
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains($"Step 2: the {what} is NaN").And.Property("Step").EqualTo(2));
        Assert.That(File.ReadAllBytes(Trainer.LastCheckpointPath(options.Output)), Is.EqualTo(last));

        void Train(TrainerOptions options) => new Trainer(TrainingFixture.Network(), TrainingFixture.Source(), options, TrainingFixture.Rate, objective: objective).Run();
    }

    [Test]
    public void A_damaged_checkpoint_is_told_from_another_one()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("damaged"), StopAfter = 1 };
        string last = Run(options).LastCheckpoint;
        byte[] bytes = File.ReadAllBytes(last);
        File.WriteAllBytes(last, bytes[..^100]);
        Assert.That(() => Run(options), Throws.TypeOf<CheckpointFormatException>());
        SafeTensorsFile.Write(last, TrainingFixture.Network().Module.StateDictionary());
        Assert.That(() => Run(options), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("configuration"));
    }

    [Test]
    public void A_folder_in_use_is_refused()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("busy"), StopAfter = 1 };
        double RunAnother(RestorationNetwork network, CancellationToken token)
        {
            Assert.That(() => Run(options), Throws.InstanceOf<IOException>());
            return 0;
        }

        Assert.That(new Trainer(TrainingFixture.Network(), TrainingFixture.Source(), options with { ValidateEvery = 1 }, RunAnother).Run().Best, Is.Zero);
    }

    [Test]
    public void Networks_that_do_not_fit_are_refused()
    {
        PatchPairSource source = TrainingFixture.Source();
        Assert.Multiple(() =>
        {
            Assert.That(() => new Trainer(ModelZoo.CreateNetwork("SRResNet", HyperParameters.Parse("""{"num_feat": 4, "num_block": 1, "upscale": 2}""")), source), Throws.ArgumentException.With.Message.Contains("scale 2"));
            Assert.That(() => new Trainer(TrainingFixture.Network(hyper: """{"channels": 1}"""), source), Throws.ArgumentException.With.Message.Contains("3 channels"));
            Assert.That(() => new Trainer(TrainingFixture.Network() with { TakesNoiseMap = true }, source), Throws.ArgumentException.With.Message.Contains("noise"));
            Assert.That(() => new Trainer(TrainingFixture.Network() with { Size = new() { Multiple = 32 } }, source), Throws.ArgumentException.With.Message.Contains("multiple of 32"));
            Assert.That(() => new Trainer(TrainingFixture.Network(), source, new TrainerOptions { Beta1 = 1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new Trainer(TrainingFixture.Network(), source, new TrainerOptions { LearningRate = double.NaN }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [TestCase(TrainingLoss.L1)]
    [TestCase(TrainingLoss.Charbonnier)]
    [TestCase(TrainingLoss.MeanSquaredError)]
    public void The_loss_falls(TrainingLoss loss)
    {
        var reports = new List<TrainingProgress>();
        var options = new TrainerOptions { Iterations = 60, LearningRate = 1e-2, Loss = loss, Output = TrainingFixture.Folder($"falls-{loss}"), LogEvery = 20 };
        RestorationNetwork network = TrainingFixture.Network(hyper: """{"features": [16, 8], "kernels": [5, 1, 3]}""");
        TrainingResult result = new Trainer(network, TrainingFixture.Source(), options).Run(new Told<TrainingProgress>(reports.Add));
        Assert.That(reports.Select(r => r.Step), Is.EqualTo(new[] { 20L, 40, 60 }));
        // The mean over the last 20 steps, from those over 60 and 40.
        double late = ((60 * reports[2].Loss) - (40 * reports[1].Loss)) / 20;
        Assert.That(late, Is.LessThan(reports[0].Loss * 0.8));
        Assert.That(result.Loss, Is.EqualTo(reports[2].Loss));
        Assert.That(reports, Has.All.Matches<TrainingProgress>(r => r is { DataWaitShare: >= 0 and <= 1, Total: 60 }));
    }

    private static TrainingResult Run(TrainerOptions options, string architecture = "SRCNN", string? hyper = null) =>
        new Trainer(TrainingFixture.Network(architecture, hyper), TrainingFixture.Source(), options, TrainingFixture.Rate).Run();

    // Zero times infinity on the way back, or no number from the start.
    private sealed class DivergingObjective(long at, bool inGradient) : ITrainingObjective
    {
        public string Description => "diverging";

        public Tensor Loss(RestorationNetwork network, PatchTensors patches, long step)
        {
            Tensor restored = network.Module.Call(patches.Degraded);
            if (step < at)
                return restored.L1Loss(patches.Clean);
            return inGradient ? (restored - restored.Detach()).Square().Sqrt().Mean() : (restored * float.NaN).Mean();
        }
    }
}
