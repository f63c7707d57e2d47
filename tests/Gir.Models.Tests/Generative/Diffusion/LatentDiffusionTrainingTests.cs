using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>All stages of a tiny latent diffusion: canceled, on more threads, always the same bits.</summary>
[Parallelizable(ParallelScope.None)]
[OnePass]
public sealed class LatentDiffusionTrainingTests
{
    private static LatentDiffusionTrainingOptions Tiny => new()
    {
        Size = 16, Architecture = "UNet", HyperParameters = HyperParameters.Parse("""{ "dim": 2 }"""), InitialSteps = 3, AutoencoderSteps = 6, PriorSteps = 4, ControlSteps = 4, Batch = 2,
        DiffusionBatch = 2, AutoencoderChannels = 4, LatentChannels = 2, Channels = 4, Groups = 2, Adversarial = 0.5, NoiseAugmentation = 200, SaveEvery = 2, LogEvery = 1, Seed = 7,
    };

    [Test]
    public void Canceled_trainings_go_on_as_if_nothing_had_happened()
    {
        using var folder = new TemporaryFolder();
        LatentDiffusionTraining straight = Training(Tiny, folder["straight"]);
        Assert.That(straight.Run(), Is.True);
        byte[][] expected = Files(folder["straight"]);

        // Canceled after every second row, on two threads.
        using TensorBackend.EngineScope engine = TensorBackend.Use(new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 2 }));
        var stages = new List<string>();
        for (bool isDone = false; !isDone;)
        {
            using var stop = new CancellationTokenSource();
            int rows = 0;
            isDone = Training(Tiny, folder["canceled"]).Run(new Told<GenerativeTrainingProgress>(p => Stop(p)), stop.Token);
            void Stop(GenerativeTrainingProgress progress)
            {
                stages.Add(progress.Stage);
                if (++rows == 2)
                    stop.Cancel();
            }
        }

        Assert.That(stages.Distinct(), Is.EqualTo(LatentDiffusionTraining.Stages));
        Assert.That(Files(folder["canceled"]), Is.EqualTo(expected));

        IRestorer initial = ModelZoo.Load(straight.InitialPath);
        var restorer = LatentDiffusionRestorer.Load([straight.NetworkPath], initial, new LatentDiffusionOptions { Steps = 2 });
        float[] restored = restorer.Restore(Pictures()[0]).Samples.ToArray();
        Assert.That(restored, Has.All.InRange(0, 1));

        // By one text, as the tool takes it.
        Assert.That(Restorers.Create(folder["straight"]).Info.Name, Is.EqualTo($"latent-diffusion(folder={folder["straight"]})"));
        IRestorer named = Restorers.Create($"latent-diffusion(folder={folder["straight"]}, steps=2)");
        Assert.That(named.Identity, Is.EqualTo(restorer.Identity));
        Assert.That(named.Restore(Pictures()[0]).Samples.ToArray(), Is.EqualTo(restored));
        IRestorer bare = Restorers.Create($"latent-diffusion(folder={folder["straight"]}, steps=2, initial=median(size=3), timestep=500, offload=true)");
        Assert.That(bare.Info.Description, Does.Contain("median(size=3)"));
        Assert.That(bare.Restore(Pictures()[0]).Samples.ToArray(), Is.Not.EqualTo(restored));
    }

    // Without an autoencoder the file holds two networks, and says so.
    [Test]
    public void Pixels_can_be_diffused_as_they_are()
    {
        using var folder = new TemporaryFolder();
        LatentDiffusionTrainingOptions options = Tiny with { AutoencoderSteps = 0, LatentChannels = 3 };
        LatentDiffusionTraining training = Training(options, folder["pixels"]);
        Assert.That(training.Run(), Is.True);
        Assert.That(Directory.Exists(Path.Combine(folder["pixels"], "autoencoder")), Is.False);
        var restorer = LatentDiffusionRestorer.Load([training.NetworkPath], null, new LatentDiffusionOptions { Steps = 2 });
        ImageBuffer picture = Pictures()[0];
        Assert.That(restorer.RoundTrip(picture).Samples.ToArray(), Is.EqualTo(picture.Samples.ToArray()).Within(1e-6));
        Assert.That(restorer.Restore(picture).Samples.ToArray(), Has.All.InRange(0, 1));
        Assert.That(restorer.Info.SizeMultiple, Is.EqualTo(4));
        Assert.That(() => Training(options with { LatentChannels = 4 }, folder["other"]), Throws.ArgumentException.With.Message.Contains("expected 3"));
    }

    [Test]
    public void A_longer_training_lowers_the_losses()
    {
        using var folder = new TemporaryFolder();
        var numbers = new List<(string Stage, double Loss)>();
        LatentDiffusionTrainingOptions options = Tiny with { InitialSteps = 0, AutoencoderSteps = 100, PriorSteps = 100, ControlSteps = 1, Batch = 4, Adversarial = 0, NoiseAugmentation = 0 };
        Training(options, folder.Root).Run(new Told<GenerativeTrainingProgress>(p => numbers.Add((p.Stage, p.Numbers.First().Value))));
        // The U-Net starts at zero, and noise that nobody can predict stays in its loss.
        foreach ((string stage, double share) in new[] { ("autoencoder", 0.9), ("prior", 0.98) })
        {
            double[] losses = [.. numbers.Where(n => n.Stage == stage).Select(n => n.Loss)];
            Assert.That(losses[^20..].Average(), Is.LessThan(share * losses[..20].Average()), stage);
        }

        Assert.That(Directory.Exists(folder["initial"]), Is.False);
    }

    [Test]
    public void Another_training_in_the_folder_is_refused_by_what_differs()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Training(Tiny, folder.Root).Run(new Told<GenerativeTrainingProgress>(_ => stop.Cancel()), stop.Token);
        Assert.That(() => Training(Tiny with { Seed = 8 }, folder.Root).Run(), Throws.TypeOf<TrainingConfigurationException>().With.Message.Contains("seed 8"));
        Assert.That(() => Training(Tiny with { Size = 32 }, folder.Root), Throws.ArgumentException.With.Message.Contains("3 x 32 x 32"));
        Assert.That(() => Training(Tiny with { Size = 24 }, folder.Root), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Training(Tiny with { Heads = 3 }, folder.Root), Throws.ArgumentException.With.Message.Contains("3 heads"));
    }

    [Test]
    public void The_reduced_networks_have_the_parameters_of_their_specification()
    {
        var options = new LatentDiffusionTrainingOptions();
        Assert.That(new AutoencoderKl(options.Autoencoder).ParameterCount(), Is.EqualTo(681_911));
        Assert.That(new DiffusionUNet(options.Network).ParameterCount(), Is.EqualTo(2_612_788));
        Assert.That(new ControlBranch(options.Network).ParameterCount(), Is.EqualTo(1_064_544));
    }

    private static LatentDiffusionTraining Training(LatentDiffusionTrainingOptions options, string folder) => new(options, Pictures(), Degrade, folder);

    private static ImageBuffer[] Pictures() => [.. Enumerable.Range(0, 3).Select(i =>
    {
        var image = new ImageBuffer(3, 16, 16);
        for (int p = 0; p < image.Samples.Length; p++)
            image.Samples[p] = 0.5f + (0.4f * MathF.Sin((p % 16 * 0.3f * (i + 1)) + (p / 16 * 0.2f)));
        return image;
    })];

    private static ImageBuffer Degrade(ImageBuffer image, PhiloxRandom random)
    {
        foreach (ref float sample in image.Samples)
            sample += (float)random.NextGaussian() * 0.1f;
        return image;
    }

    private static byte[][] Files(string folder) =>
        [.. LatentDiffusionTraining.Stages.SelectMany(s => new[] { "last.safetensors", "weights.safetensors", "log.csv" }.Select(f => File.ReadAllBytes(Path.Combine(folder, s, f))))];
}
