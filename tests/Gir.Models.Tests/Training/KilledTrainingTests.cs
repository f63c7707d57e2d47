using System.Diagnostics;
using Gir.Imaging.Random;
using Gir.Models.Training;

namespace Gir.Models.Tests.Training;

/// <summary>Trainings whose process is killed without warning.</summary>
[OnePass]
public sealed class KilledTrainingTests
{
    [Test]
    public void A_killed_training_goes_on_as_if_nothing_had_happened()
    {
        byte[] expected = Straight("kill9-straight", 8);
        string folder = TrainingFixture.Folder("kill9");
        using (Process training = TrainingProcess.Start(folder, 8, waitAt: 4))
        {
            Assert.That(training.StandardOutput.ReadLine(), Is.EqualTo(TrainingProcess.Waiting));
            training.Kill();
            training.WaitForExit();
        }

        Assert.That(Resume(folder, 8).FirstStep, Is.EqualTo(3), "the checkpoint before the kill");
        AssertEqual(folder, expected, "kill9-straight");
    }

    [Test]
    [Explicit("kills at twenty random moments: minutes")]
    public void Kills_at_any_moment_leave_no_trace()
    {
        const int Iterations = 12_000;
        byte[] expected = Straight("kills-straight", Iterations);
        string folder = TrainingFixture.Folder("kills");
        var random = new PhiloxRandom(1);
        for (int i = 0; i < 20; i++)
        {
            using Process training = TrainingProcess.Start(folder, Iterations, waitAt: 0);
            training.WaitForExit(random.NextInteger(200, 1500));
            training.Kill();
            training.WaitForExit();
        }

        TestContext.Out.WriteLine($"resumed at {Resume(folder, Iterations).FirstStep}");
        AssertEqual(folder, expected, "kills-straight");
    }

    private static byte[] Straight(string name, int iterations) => File.ReadAllBytes(Resume(TrainingFixture.Folder(name), iterations).LastCheckpoint);

    private static TrainingResult Resume(string folder, int iterations) =>
        new Trainer(TrainingFixture.Network(), TrainingFixture.Source(), TrainingProcess.Options(folder, iterations), TrainingFixture.Rate).Run();

    private static void AssertEqual(string folder, byte[] last, string straight)
    {
        Assert.That(File.ReadAllBytes(Trainer.LastCheckpointPath(folder)).AsSpan().SequenceEqual(last), Is.True);
        string reference = Path.Combine(Path.GetDirectoryName(folder)!, straight);
        Assert.That(File.ReadAllBytes(Trainer.BestCheckpointPath(folder)), Is.EqualTo(File.ReadAllBytes(Trainer.BestCheckpointPath(reference))));
        Assert.That(TrainingFixture.Log(folder), Is.EqualTo(TrainingFixture.Log(reference)));
    }
}
