using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tests.Tensors;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Training;

/// <summary>The smallest training that is one: 16 x 16 patches of random images, noise, a tiny network.</summary>
internal static class TrainingFixture
{
    public static readonly TrainerOptions Options = new()
    {
        Iterations = 6, LearningRate = 1e-2, EmaDecay = 0.5, GradientClip = 1, WeightDecay = 0.01, ValidateEvery = 2, SaveEvery = 1, LogEvery = 1,
    };

    public static ImageBuffer Image(int height, int width, ulong seed, int channels = 3)
    {
        var image = new ImageBuffer(channels, height, width);
        Philox4x32.FillUniform(image.Samples, seed);
        return image;
    }

    public static ImageBuffer AddNoise(ImageBuffer image, PhiloxRandom random)
    {
        ImageBuffer noisy = image.Clone();
        foreach (ref float sample in noisy.Samples)
            sample += (float)(0.1 * random.NextGaussian());
        return noisy;
    }

    public static IReadOnlyList<TrainingTask> Tasks(ImageTransform? transform = null) =>
        [new("noise", [new("a", Image(24, 31, 1)), new("b", Image(40, 20, 2))], transform ?? AddNoise), new("nothing", [new("a", Image(24, 31, 1))], null, 0.5)];

    public static PatchPairSource Source(ImageTransform? transform = null, ulong seed = 0, int batch = 2) =>
        new(Tasks(transform), new PatchPairOptions { PatchSize = 16, BatchSize = batch, Seed = seed });

    public static RestorationNetwork Network(string name = "SRCNN", string? hyper = null, int threads = 1) =>
        On(threads, () => ModelZoo.CreateNetwork(name, HyperParameters.Parse(hyper ?? """{"features": [4, 3], "kernels": [5, 1, 3]}""")));

    public static double Rate(RestorationNetwork network, CancellationToken cancellationToken)
    {
        Tensor image = Tensor.From(Image(16, 16, 9).Samples, [1, 3, 16, 16], network.Module.Parameters().First().Backend);
        return -network.Module.Call(image).MeanSquaredErrorLoss(image).Item();
    }

    public static string Folder(string name)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "training", name);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        return path;
    }

    /// <summary>What of a log does not depend on the clock: all columns but the last two.</summary>
    public static string[] Log(string folder) => [.. File.ReadAllLines(Trainer.LogPath(folder)).Select(row => string.Join(',', row.Split(',')[..^2]))];

    private static T On<T>(int threads, Func<T> make)
    {
        using TensorBackend.EngineScope engine = TensorBackend.Use(TestEngine.Create(threads));
        return make();
    }
}
