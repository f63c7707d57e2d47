using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Features;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tests.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Features;

/// <summary>What is heard inside of networks is what they compute, and listening changes nothing.</summary>
public sealed class NetworkFeaturesTests
{
    // Some parts run folded together where nobody listens.
    private const double Rounding = 2e-5;

    private static IEnumerable<TestCaseData> Networks() =>
        TinyNetworks.All.Select(n => new TestCaseData(n).SetArgDisplayNames(n.Architecture));

    [TestCaseSource(nameof(Networks))]
    [OnePass]
    public void Layers_lie_over_the_image_and_are_named_as_in_checkpoints(RestorationNetwork network)
    {
        NetworkRestorer restorer = Restorer(network);
        var features = new NetworkFeatures(restorer);
        (int height, int width) = network.Tiling == TilingSupport.Unsupported ? (8, 8) : (32, 64);
        IReadOnlyList<FeatureTap> taps = features.Taps(height, width);
        string[] parts = [.. network.Module.NamedParts().Select(p => p.Name)];
        Assert.Multiple(() =>
        {
            Assert.That(taps.Select(t => t.Name), Is.Unique.And.SubsetOf(parts));
            Assert.That(taps.Select(t => t.Name), Is.EqualTo(features.Layers), "the same for another size");
            Assert.That(taps.Select(t => t.Name), Does.Contain(features.DeepLayer));
            FeatureTap deep = taps.Single(t => t.Name == features.DeepLayer);
            Assert.That(deep.Channels, Is.GreaterThan(1));
            // Uformer fills up to squares, and a thumbnail is one.
            bool fills = network.Size.SquareMultiple > 0;
            foreach (FeatureTap tap in taps.Where(t => t.Height > 1 && !fills && !t.Name.StartsWith("encoder", StringComparison.Ordinal)))
                Assert.That(tap.Width * height, Is.EqualTo(tap.Height * width), tap.ToString());
        });
        foreach (FeatureTap tap in taps)
        {
            ImageBuffer map = features.Extract(Image(network.InputChannels, height, width), [tap.Name])[0];
            Assert.That(new FeatureTap(tap.Name, map.Channels, map.Height, map.Width), Is.EqualTo(tap));
        }
    }

    [TestCaseSource(nameof(Networks))]
    public void All_convolutions_that_learn_are_heard(RestorationNetwork network)
    {
        var features = new NetworkFeatures(Restorer(network));
        // DASR's encoder of keys works in training alone.
        string[] silent = [.. network.Module.NamedParts()
            .Where(p => p.Module is Conv2d && !p.Name.StartsWith("E.encoder_k", StringComparison.Ordinal))
            .Select(p => p.Name).Except(features.Layers)];
        Assert.That(silent, Is.Empty);
    }

    [TestCaseSource(nameof(Networks))]
    public void Listening_changes_no_result(RestorationNetwork network)
    {
        NetworkRestorer restorer = Restorer(network);
        ImageBuffer image = network.Tiling == TilingSupport.Unsupported ? Image(3, 8, 8) : Image(network.InputChannels, 24, 16);
        float[] before = restorer.Restore(image).Array;
        var features = new NetworkFeatures(restorer);
        IReadOnlyList<ImageBuffer> together = features.Extract(image, features.Layers);
        Assert.That(restorer.Restore(image).Array, Is.EqualTo(before));
        Assert.That(features.Extract(image, [features.DeepLayer])[0].Array, Is.EqualTo(together[features.Layers.ToList().IndexOf(features.DeepLayer)].Array));
    }

    [Test]
    public void A_map_leads_to_the_restored_image()
    {
        RestorationNetwork network = Random(TinyNetworks.SrResNet());
        NetworkRestorer restorer = Restorer(network);
        ImageBuffer image = Image(3, 16, 24);
        ImageBuffer deep = new NetworkFeatures(restorer).Extract(image, ["body"])[0];
        Tensor high = Part(network, "conv_hr").Call(ToTensor(deep)).LeakyRelu(0.1f);
        float[] expected = (Part(network, "conv_last").Call(high) + ToTensor(image)).ToArray();
        Assert.That(restorer.Restore(image).Array, Is.EqualTo(expected).Within(Rounding));
    }

    [Test]
    public void A_map_is_what_a_part_makes_before_the_activation()
    {
        RestorationNetwork network = Random(TinyNetworks.SrResNet());
        ImageBuffer image = Image(3, 9, 7);
        float[] expected = Part(network, "conv_first").Call(ToTensor(image)).ToArray();
        Assert.That(expected.Min(), Is.Negative);
        Assert.That(new NetworkFeatures(Restorer(network)).Extract(image, ["conv_first"])[0].Array, Is.EqualTo(expected).Within(Rounding));
    }

    [TestCase("SwinIR", "norm", "conv_after_body")]
    [TestCase("HAT", "norm", "conv_after_body")]
    public void Tokens_are_put_back_in_their_places(string architecture, string tokens, string planes)
    {
        RestorationNetwork network = Random(TinyNetworks.All.Single(n => n.Architecture == architecture));
        IReadOnlyList<ImageBuffer> maps = new NetworkFeatures(Restorer(network)).Extract(Image(3, 8, 8), [tokens, planes]);
        Assert.That(maps[1].Array, Is.EqualTo(Part(network, planes).Call(ToTensor(maps[0])).ToArray()).Within(Rounding));
    }

    [Test]
    public void Parts_that_run_folded_together_are_heard_apart()
    {
        RestorationNetwork network = Random(ModelZoo.CreateNetwork("DnCNN", HyperParameters.Parse("""{"in_nc": 1, "nc": 4, "nb": 4, "act_mode": "BR"}""")));
        IReadOnlyList<ImageBuffer> maps = new NetworkFeatures(Restorer(network)).Extract(Image(1, 8, 12), ["model.2", "model.3", "model.4"]);
        float[] normalized = Part(network, "model.3").Call(ToTensor(maps[0])).ToArray();
        Assert.That(maps[1].Array, Is.EqualTo(normalized).Within(Rounding));
        Assert.That(maps[2].Array, Is.EqualTo(Array.ConvertAll(normalized, v => Math.Max(0, v))).Within(Rounding));
    }

    [Test]
    public void A_gray_network_describes_every_plane_of_a_color_image()
    {
        var features = new NetworkFeatures(Restorer(Random(TinyNetworks.DnCnn())));
        ImageBuffer image = Image(3, 8, 8);
        ImageBuffer all = features.Extract(image, ["model.1"])[0];
        float[] apart = [.. Enumerable.Range(0, 3).SelectMany(c => features.Extract(new ImageBuffer(1, 8, 8, image.Plane(c).ToArray()), ["model.1"])[0].Array)];
        Assert.That(all.Channels, Is.EqualTo(12));
        Assert.That(all.Array, Is.EqualTo(apart));
    }

    [Test]
    public void Several_threads_listen_to_one_network()
    {
        var features = new NetworkFeatures(Restorer(Random(TinyNetworks.SrResNet())));
        ImageBuffer[] images = [.. Enumerable.Range(0, 8).Select(i => Image(3, 8 + i, 8))];
        float[][] expected = [.. images.Select(i => features.Extract(i, ["body"])[0].Array)];
        var found = new float[images.Length][];
        Parallel.For(0, images.Length, i => found[i] = features.Extract(images[i], ["body"])[0].Array);
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public void What_cannot_be_heard_is_refused()
    {
        var features = new NetworkFeatures(Restorer(TinyNetworks.SrResNet()));
        Assert.Multiple(() =>
        {
            Assert.That(() => features.Extract(Image(3, 8, 8), ["body.7"]), Throws.ArgumentException.With.Message.Contains("body.1"));
            Assert.That(() => features.Extract(Image(2, 8, 8), ["body"]), Throws.ArgumentException.With.Message.Contains("2 x 8 x 8"));
            Assert.That(() => features.Extract(Image(3, 8, 8), ["body"], new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        });
    }

    private static NetworkRestorer Restorer(RestorationNetwork network) =>
        new(network, new NetworkRestorerOptions { NoiseLevel = network.TakesNoiseMap ? 15 : null });

    private static Module Part(RestorationNetwork network, string name) => network.Module.NamedParts().Single(p => p.Name == name).Module;

    private static Tensor ToTensor(ImageBuffer image) => Tensor.From(image.Samples, [1, image.Channels, image.Height, image.Width]);

    private static ImageBuffer Image(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        var random = new PhiloxRandom(7);
        foreach (ref float sample in image.Samples)
            sample = (float)random.NextDouble();
        return image;
    }

    // Networks start with blocks that change little, and with statistics that are those of nothing.
    private static RestorationNetwork Random(RestorationNetwork network)
    {
        var random = new PhiloxRandom(11);
        foreach ((string key, Tensor tensor) in network.Module.StateDictionary())
        {
            float[] values = tensor.ToArray();
            for (int i = 0; i < values.Length; i++)
                values[i] = key.EndsWith("running_var", StringComparison.Ordinal) ? 0.5f + (float)random.NextDouble() : ((float)random.NextDouble() - 0.5f) * 0.6f;
            tensor.Storage.Write(values);
        }

        return network;
    }
}
