using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Training;

/// <summary>A promise of the managed engine alone.</summary>
public sealed class TrainerThreadTests
{
    [TestCase(2)]
    [TestCase(3)]
    public void The_number_of_threads_does_not_change_a_bit(int threads) =>
        Assert.That(File.ReadAllBytes(Run(threads)).AsSpan().SequenceEqual(File.ReadAllBytes(Run(1))), Is.True);

    private static string Run(int threads)
    {
        TrainerOptions options = TrainingFixture.Options with { Output = TrainingFixture.Folder($"threads-{threads}") };
        RestorationNetwork network = TrainingFixture.Network("SRResNet", """{"num_feat": 16, "num_block": 1, "upscale": 1}""", threads);
        return new Trainer(network, TrainingFixture.Source(), options, TrainingFixture.Rate).Run().LastCheckpoint;
    }
}
