using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Training;

public sealed class ProgressiveTrainingTests
{
    private static readonly PatchStage[] s_stages = [new(2, 8, 4), new(4, 12, 2)];

    [Test]
    public void A_training_in_stages_resumes_with_the_same_bits_in_any_of_them()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("stages-straight") };
        byte[] last = File.ReadAllBytes(Train(options, s_stages).LastCheckpoint);

        TrainerOptions halted = options with { Output = TrainingFixture.Folder("stages-halted"), StopAfter = 1 };
        for (int done = 1; done <= 6; done++)
            Assert.That(Train(halted, s_stages).Step, Is.EqualTo(done));

        Assert.That(File.ReadAllBytes(Trainer.LastCheckpointPath(halted.Output)).AsSpan().SequenceEqual(last), Is.True);
        Assert.That(File.ReadAllBytes(Train(options with { Output = TrainingFixture.Folder("no-stages") }, []).LastCheckpoint).AsSpan().SequenceEqual(last), Is.False);
    }

    [Test]
    public void Other_stages_do_not_go_on_with_it()
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder("stages-other"), StopAfter = 1 };
        Train(options, s_stages);

        foreach (PatchStage[] others in new PatchStage[][] { [], [new(3, 8, 4), new(4, 12, 2)], [new(2, 8, 2), new(4, 12, 2)] })
            Assert.That(() => Train(options, others), Throws.TypeOf<TrainingConfigurationException>().With.Message.Contains("until"));
        Assert.That(Train(options, s_stages).Step, Is.EqualTo(2));
    }

    [Test]
    public void Every_stage_has_to_suit_the_network()
    {
        RestorationNetwork network = TrainingFixture.Network("GirNet", """{"features": [4, 4, 4, 4], "blocks": 1, "code": 8, "thumbnail": 8}""");
        var task = new TrainingTask("t", [new("a", TrainingFixture.Image(40, 40, 1))], null) { PictureTransform = (image, _) => image.Clean };
        PatchPairOptions Options(int first) => new() { PatchSize = 32, BatchSize = 1, Thumbnail = 8, Stages = [new(1, first, 1)] };

        Assert.That(() => new Trainer(network, new PatchPairSource([task], Options(16))), Throws.Nothing);
        Assert.That(() => new Trainer(network, new PatchPairSource([task], Options(24))), Throws.ArgumentException.With.Message.Contains("24 x 24; GirNet expects a multiple of 16"));
    }

    private static TrainingResult Train(TrainerOptions options, IReadOnlyList<PatchStage> stages) =>
        new Trainer(TrainingFixture.Network(), new PatchPairSource(TrainingFixture.Tasks(), new() { PatchSize = 16, BatchSize = 1, Stages = stages }), options, TrainingFixture.Rate).Run();
}
