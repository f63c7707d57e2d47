using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Restoration;

/// <summary>What is no image is refused by name and place, on the way in and on the way out.</summary>
public sealed class SampleChecksTests
{
    public static IEnumerable<IRestorer> All =>
    [
        .. ClassicalRestorers.All,
        new NetworkRestorer(Networks.Small()),
        new StepByStepRestorer(new Dictionary<string, IRestorer>(), []),
        new StepByStepRestorer(new Dictionary<string, IRestorer> { ["noise"] = new GaussianRestorer() }, ["noise"]),
    ];

    [TestCaseSource(nameof(All))]
    public void Samples_that_are_no_numbers_or_levels_are_refused(IRestorer restorer)
    {
        foreach ((float value, string words) in new[] { (float.NaN, "NaN"), (float.NegativeInfinity, "finite"), (200f, "Divide levels of 0..255 by 255") })
        {
            ImageBuffer image = Networks.Noise(3, 8, 12);
            image.Row(1, 2)[5] = value;
            Assert.That(
                () => restorer.Restore(image),
                Throws.ArgumentException.With.Message.Contains("channel 1, row 2, column 5").And.Message.Contains(words).And.Property("ParamName").EqualTo("degraded"));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Overshoot_is_no_hindrance(IRestorer restorer)
    {
        ImageBuffer image = Networks.Noise(3, 8, 12);
        image.Row(0, 0)[0] = -0.3f;
        image.Row(2, 7)[11] = 1.4f;
        Assert.That(() => restorer.Restore(image), Throws.Nothing);
    }

    [Test]
    public void An_image_of_a_batch_is_named() => Assert.That(
        () => new NetworkRestorer(Networks.Small()).RestoreBatch([Networks.Noise(3, 8, 8), new ImageBuffer(1, 1, 1, [float.NaN])]),
        Throws.ArgumentException.With.Message.Contains("Image 1 holds NaN"));

    [Test]
    public void Damaged_weights_are_named() => Assert.That(
        () => ModelZoo.Load(TestData.Golden("models", "files", "nan_inf.pth")).Restore(Networks.Noise(3, 16, 16)),
        Throws.TypeOf<RestorationException>().With.Message.Contains("nan_inf (SRCNN) made NaN at channel 0, row 0, column 0").And.Message.Contains("'conv3.bias'"));

    [Test]
    public void Overflow_is_told_by_its_first_place()
    {
        var restorer = new NetworkRestorer(Networks.Of(x => x * 1e38f), name: "loud");
        ImageBuffer image = new(3, 4, 4);
        image.Row(0, 1)[2] = 3.9f;
        Assert.That(() => restorer.Restore(image), Throws.TypeOf<RestorationException>().With.Message.Contains("row 1, column 2").And.Message.Contains("overflow"));
    }

    [Test]
    public void A_network_stops_between_its_layers()
    {
        using var source = new CancellationTokenSource();
        bool went = false;
        var module = new Sequential(
            new Function(x => Networks.Note(x, _ => source.Cancel())), new Function(x => Networks.Note(x, _ => went = true)));
        var restorer = new NetworkRestorer(new RestorationNetwork("two layers", module));
        Assert.That(() => restorer.Restore(Networks.Noise(3, 8, 8), source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(went, Is.False);

        // A token that is over is forgotten with its restoration.
        Assert.That(restorer.Restore(Networks.Noise(3, 8, 8)).Height, Is.EqualTo(8));
        Assert.That(went, Is.True);
    }
}
