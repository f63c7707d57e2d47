using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Models.Features.Layouts;
using Gir.Models.Generative;
using Gir.Models.Serialization;
using Gir.Models.Training;

namespace Gir.Models.Tests.Features;

/// <summary>The classifier in the box, and how one is trained.</summary>
public sealed class LayoutClassifierTests
{
    private static LayoutTrainingOptions Tiny => new() { Size = 32, ScenesPerLayout = 1, Steps = 12, Batch = 6, Rate = 3e-3, SaveEvery = 3, LogEvery = 1 };

    // Seeds that neither its training nor its measurement saw.
    [Test]
    public void The_one_in_the_box_tells_layouts_apart()
    {
        Machine.RequireVectors();
        LayoutClassifier classifier = LayoutClassifier.Shipped;
        int right = 0;
        for (int i = 0; i < 60; i++)
        {
            SceneLayout layout = LayoutClassifier.Classes[i % 6];
            right += classifier.Classify(SceneGenerator.Create(9_000_000 + (ulong)i, 64, 64, new SceneOptions(layout)).Image) == layout ? 1 : 0;
        }

        Assert.That(right, Is.AtLeast(48));
        Assert.That(classifier.Measured!.Accuracy, Is.GreaterThan(0.8));
        Assert.That(classifier.Measured.Chance, Is.InRange(0, 0.95));
    }

    [Test]
    public void Its_descriptor_is_the_last_layer()
    {
        LayoutClassifier classifier = LayoutClassifier.Shipped;
        IReadOnlyList<ImageBuffer> maps = classifier.Extract(Scene(1), ["conv4", "conv1"]);
        Assert.That(maps.Select(m => (m.Channels, m.Height, m.Width)), Is.EqualTo(new[] { (128, 2, 3), (32, 16, 24) }));
        Assert.That(maps[0].Array, Has.All.AtLeast(0).And.Some.Positive);
        Assert.That(classifier.DescriptorLayer, Is.EqualTo("conv4"));
        Assert.That(() => classifier.Extract(Scene(1), ["conv5"]), Throws.ArgumentException.With.Message.Contains("conv4"));
        Assert.That(() => classifier.Classify(new ImageBuffer(3, 31, 40)), Throws.ArgumentException.With.Message.Contains("32 x 32"));
    }

    [Test]
    public void A_training_that_was_stopped_comes_to_the_same_bits_and_learns()
    {
        using var folder = new TemporaryFolder();
        var losses = new List<double>();
        Assert.That(new LayoutTraining(Tiny, Noisy, folder["straight"]).Run(new Told<GenerativeTrainingProgress>(p => losses.Add(p.Numbers["loss"]))), Is.True);
        Assert.That(losses[^1], Is.LessThan(losses[0] * 0.9));
        for (bool isDone = false; !isDone;)
        {
            using var stop = new CancellationTokenSource();
            int rows = 0;
            isDone = new LayoutTraining(Tiny, Noisy, folder["stopped"]).Run(
                new Told<GenerativeTrainingProgress>(_ =>
                {
                    if (++rows == 5)
                        stop.Cancel();
                }),
                stop.Token);
        }

        string weights = Path.Combine(folder["stopped"], "weights.safetensors");
        Assert.That(File.ReadAllBytes(weights), Is.EqualTo(File.ReadAllBytes(Path.Combine(folder["straight"], "weights.safetensors"))));
        Assert.That(() => new LayoutTraining(Tiny with { Seed = 2 }, Noisy, folder["stopped"]).Run(), Is.True, "A training that is done is not begun anew.");

        LayoutClassifier trained = LayoutClassifier.Load(weights);
        Assert.That(trained.Measured, Is.Null);
        var measured = new LayoutMeasurements(0.5, 0.25, 0.125, 0.75);
        trained.Save(folder["half.safetensors"], measured);
        LayoutClassifier half = LayoutClassifier.Load(folder["half.safetensors"]);
        Assert.That(half.Measured, Is.EqualTo(measured));
        Assert.That(half.Extract(Scene(2), ["conv4"])[0].Array, Is.EqualTo(trained.Extract(Scene(2), ["conv4"])[0].Array).Within(0.01));
    }

    [Test]
    public void What_is_no_classifier_is_refused()
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile.Write(folder["other.safetensors"], [KeyValuePair.Create("conv1.weight", Gir.Models.Tensors.Tensor.Zeros([3, 3, 3, 3]))]);
        Assert.That(() => LayoutClassifier.Load(folder["other.safetensors"]), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("layouts"));
        Assert.That(() => new LayoutTraining(Tiny with { Size = 16 }, Noisy, folder["x"]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new LayoutTraining(Tiny with { DegradedShare = 2 }, Noisy, folder["x"]), Throws.ArgumentException);
    }

    private static ImageBuffer Scene(ulong seed) => SceneGenerator.Create(seed, 32, 48).Image;

    private static ImageBuffer Noisy(ImageBuffer image, PhiloxRandom random)
    {
        foreach (ref float sample in image.Samples)
            sample = Math.Clamp(sample + ((float)random.NextGaussian() * 0.05f), 0, 1);
        return image;
    }
}
