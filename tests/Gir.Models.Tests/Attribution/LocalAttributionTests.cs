using Gir.Imaging;
using Gir.Models.Attribution;
using Gir.Models.Restoration;
using Gir.Models.Tests.Restoration;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Attribution;

public sealed class LocalAttributionTests
{
    // statistics.json states the first; single precision the second.
    private const double PathTolerance = 1e-9;
    private const double MapTolerance = 1e-4;

    private static readonly string[] s_networks =
    [
        """SRCNN {"features": [6, 4]}""",
        """SRResNet {"num_feat": 8, "num_block": 1, "upscale": 2}""",
        """DnCNN {"in_nc": 1, "out_nc": 1, "nc": 8, "nb": 4}""",
        """FFDNet {"in_nc": 3, "nc": 8, "nb": 3}""",
        """GirNet {"features": [4, 4, 4, 4], "blocks": 1, "code": 8, "thumbnail": 8}""",
        """NAFNet {"width": 4, "middle_blk_num": 1, "enc_blk_nums": [1, 1], "dec_blk_nums": [1, 1]}""",
        """Restormer {"dim": 8, "num_blocks": [1, 1, 1, 1], "num_refinement_blocks": 1, "heads": [1, 1, 1, 1]}""",
        """SwinIR {"embed_dim": 8, "depths": [2], "num_heads": [2], "window_size": 4, "upscale": 1, "upsampler": ""}""",
    ];

    [Test]
    public void The_path_agrees_with_the_golden_values()
    {
        SafeTensors golden = SafeTensors.Load(TestData.Golden("metrics", "statistics.safetensors"));
        // The image is the path's end (its kernel is an impulse, and the values are whole levels); statistics.json names inputs.safetensors' gray, which is another one.
        var image = new ImageBuffer(1, 64, 64);
        double[] sharp = golden.Numbers("lam.x.49");
        for (int i = 0; i < sharp.Length; i++)
            image.Array[i] = (float)sharp[i];
        var path = new BlurPath(1.2, 50, 9);
        foreach (int i in (int[])[0, 10, 25, 49])
        {
            double[] taps = path.Kernel(i);
            Assert.That(taps.SelectMany(a => taps.Select(b => a * b)), Is.EqualTo(golden.Numbers($"lam.kernel.{i}")).Within(PathTolerance), $"kernel {i}");
            (double[] before, double[] after) = (path.Blur(image, i), path.Blur(image, i + 1));
            // The golden's image is double; ours, rounded to single precision, is off by 3e-8, and 50 times that in the step.
            Assert.That(after, Is.EqualTo(golden.Numbers($"lam.x.{i}")).Within(1e-7), $"x {i}");
            Assert.That(after.Zip(before, (a, b) => (a - b) * 50), Is.EqualTo(golden.Numbers($"lam.dx.{i}")).Within(1e-5), $"dx {i}");
        }
    }

    [TestCase(1, 12, 16)]
    [TestCase(3, 13, 11)]
    public void A_map_agrees_with_the_equations_in_double_precision(int channels, int height, int width)
    {
        RestorationNetwork network = ModelZoo.CreateNetwork("SRCNN", HyperParameters.Parse($$"""{"channels": {{channels}}, "features": [5, 4]}"""));
        ImageBuffer image = Networks.Noise(channels, height, width);
        var window = new AttributionWindow(3, 4, 5, 4);
        var options = new AttributionOptions { Steps = 8, Sigma = 1, KernelSize = 5 };
        AttributionMap map = LocalAttribution.Explain(new NetworkRestorer(network), image, window, options);
        double[] expected = new ChainReference(network.Module).LocalAttributionMap(image, window, 8, 1, 5);
        Assert.That(map.Values.ToArray(), Is.EqualTo(expected).Within(MapTolerance));
    }

    [TestCaseSource(nameof(s_networks))]
    public void The_gradient_is_that_of_what_the_restorer_does(string text)
    {
        var restorer = new NetworkRestorer(Network(text), new NetworkRestorerOptions { NoiseLevel = text.StartsWith("FFDNet", StringComparison.Ordinal) ? 15 : null, TileSize = 0 });
        Perturb(restorer.Network);
        ImageBuffer image = Networks.Noise(3, 19, 22);
        int scale = restorer.Network.Scale;
        var window = new AttributionWindow(2 * scale, 5 * scale, 12 * scale, 11 * scale);
        double[] gradient = new NetworkGradient(restorer, image, window).At([image])[0];
        Assert.That(gradient.Count(g => g != 0), Is.GreaterThan(100));

        // Along the gradient itself, where a directional derivative is largest.
        double norm = Math.Sqrt(gradient.Sum(g => g * g));
        const double Step = 2e-3;
        double difference = (Edges(restorer, Moved(image, gradient, Step / norm), window) - Edges(restorer, Moved(image, gradient, -Step / norm), window)) / (2 * Step);
        Assert.That(difference, Is.EqualTo(norm).Within(0.02 * norm));
    }

    [Test]
    public void Shares_along_the_path_sum_to_what_the_path_changes()
    {
        // The points lie at the ends of the steps, so that the sum nears the integral like 1 / steps.
        var restorer = new NetworkRestorer(Network(s_networks[0]));
        ImageBuffer image = Images.Gradient(24, 20, 3);
        var window = new AttributionWindow(4, 4, 12, 10);
        var gradient = new NetworkGradient(restorer, image, window);
        var path = new BlurPath(1.2, 200, 9);
        ImageBuffer blurred = image.Clone();
        path.Blur(image, 0).Select(v => (float)v).ToArray().CopyTo(blurred.Samples);
        double change = Edges(restorer, image, window) - Edges(restorer, blurred, window);
        double sum = LocalAttribution.AlongPath(gradient, image, new AttributionOptions { Steps = 200 }, null, CancellationToken.None).Sum();
        Assert.That(sum, Is.EqualTo(change).Within(0.02 * Math.Abs(change)));
    }

    [Test]
    public void Integrated_gradients_sum_to_the_difference_from_black()
    {
        var restorer = new NetworkRestorer(Network(s_networks[0]));
        ImageBuffer image = Images.Gradient(24, 20, 3);
        var window = new AttributionWindow(4, 4, 12, 10);
        var options = new AttributionOptions { Method = AttributionMethod.IntegratedGradients, Steps = 300 };
        double sum = LocalAttribution.AlongPath(new NetworkGradient(restorer, image, window), image, options, null, CancellationToken.None).Sum();
        double change = Edges(restorer, image, window) - Edges(restorer, new ImageBuffer(3, 24, 20), window);
        Assert.That(sum, Is.EqualTo(change).Within(0.02 * Math.Abs(change)));
    }

    [Test]
    public void Only_pixels_that_a_network_sees_have_a_share()
    {
        // 9-5-5 sees 8 pixels around; the window's edges reach one pixel further down and right.
        var restorer = new NetworkRestorer(Network(s_networks[0]));
        AttributionMap map = LocalAttribution.Explain(restorer, Networks.Noise(3, 40, 44), new(16, 18, 4, 4), new AttributionOptions { Steps = 4 });
        double[] values = map.Values.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            (int y, int x) = (i / 44, i % 44);
            if (y < 16 - 8 || y > 20 + 8 || x < 18 - 8 || x > 22 + 8)
                Assert.That(values[i], Is.Zero, $"({y}, {x})");
        }

        Assert.That(values.Max(), Is.EqualTo(1));
    }

    [Test]
    public void A_network_is_left_as_it_was()
    {
        RestorationNetwork network = Network(s_networks[7]);
        LocalAttribution.Explain(new NetworkRestorer(network), Networks.Noise(3, 16, 16), options: new AttributionOptions { Steps = 2 });
        Assert.That(network.Module.Parameters().Select(p => p.Gradient), Is.All.Null);
        Assert.That(network.Module.Parameters().Select(p => p.RequiresGradient), Is.All.True);
    }

    [TestCase(AttributionMethod.InputGradients)]
    [TestCase(AttributionMethod.IntegratedGradients)]
    [TestCase(AttributionMethod.LocalAttributionMap)]
    public void A_gray_image_through_a_color_network_and_a_picture_of_the_map(AttributionMethod method)
    {
        ImageBuffer image = Networks.Noise(1, 20, 24);
        var progress = new List<double>();
        AttributionMap map = LocalAttribution.Explain(
            new NetworkRestorer(Network(s_networks[4])), image, null, new AttributionOptions { Method = method, Steps = 3 }, new Told<double>(progress.Add));
        ImageBuffer picture = map.DrawOver(image);
        Assert.That((picture.Channels, picture.Height, picture.Width), Is.EqualTo((3, 20, 24)));
        Assert.That(picture.Array, Is.All.InRange(0f, 1f));
        Assert.That(map.Window, Is.EqualTo(new AttributionWindow(0, 0, 20, 24)));
        Assert.That(progress, method == AttributionMethod.InputGradients ? Is.Empty : Is.EqualTo(new[] { 1.0 }));
        Assert.That(() => map.DrawOver(new ImageBuffer(1, 20, 25)), Throws.ArgumentException);
    }

    [Test]
    public void How_many_points_run_at_a_time_changes_nothing_but_rounding()
    {
        var restorer = new NetworkRestorer(Network(s_networks[1]));
        var gradient = new NetworkGradient(restorer, Networks.Noise(3, 12, 12), new(0, 0, 24, 24));
        ImageBuffer[] images = [.. Enumerable.Range(0, 3).Select(i => Networks.Noise(3, 12, 12, (ulong)i))];
        double[][] together = gradient.At(images);
        for (int i = 0; i < images.Length; i++)
            Assert.That(together[i], Is.EqualTo(gradient.At([images[i]])[0]).Within(1e-4));
    }

    [Test]
    public void What_cannot_be_explained_is_refused()
    {
        var restorer = new NetworkRestorer(Network(s_networks[0]));
        ImageBuffer image = Networks.Noise(3, 16, 16);
        Assert.Multiple(() =>
        {
            Assert.That(() => LocalAttribution.Explain(Restorers.Create("identity"), image), Throws.ArgumentException.With.Message.Contains("is no single network of the library"));
            Assert.That(() => LocalAttribution.Explain(restorer, image, new(10, 0, 7, 4)), Throws.ArgumentException.With.Message.Contains("16 x 16"));
            Assert.That(() => LocalAttribution.Explain(restorer, image, new(0, 0, int.MaxValue, 4)), Throws.ArgumentException);
            Assert.That(() => LocalAttribution.Explain(restorer, image, new(0, -1, 4, 4)), Throws.ArgumentException);
            Assert.That(() => LocalAttribution.Explain(restorer, new ImageBuffer(2, 16, 16)), Throws.ArgumentException.With.Message.Contains("1 or 3 channels"));
            Assert.That(() => LocalAttribution.Explain(restorer, image, options: new() { Steps = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => LocalAttribution.Explain(restorer, image, options: new() { KernelSize = 4 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => LocalAttribution.Explain(restorer, image, options: new() { Sigma = double.NaN }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => LocalAttribution.Explain(restorer, image, cancellationToken: new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        });
    }

    private static RestorationNetwork Network(string text)
    {
        string[] parts = text.Split(' ', 2);
        return ModelZoo.CreateNetwork(parts[0], HyperParameters.Parse(parts[1]));
    }

    // Some networks begin as the identity, by weights of 0.
    private static void Perturb(RestorationNetwork network)
    {
        ulong seed = 0;
        foreach (Gir.Models.Tensors.Tensor parameter in network.Module.Parameters())
        {
            var random = new Gir.Imaging.Random.PhiloxRandom(++seed);
            parameter.Storage.Write(Array.ConvertAll(parameter.ToArray(), v => v + (0.05f * (float)random.NextGaussian())));
        }
    }

    private static ImageBuffer Moved(ImageBuffer image, double[] direction, double length)
    {
        ImageBuffer moved = image.Clone();
        for (int i = 0; i < direction.Length; i++)
            moved.Array[i] += (float)(direction[i] * length);
        return moved;
    }

    private static double Edges(NetworkRestorer restorer, ImageBuffer image, AttributionWindow window)
    {
        ImageBuffer restored = restorer.Restore(image);
        return EdgeDetector.Detect(restored.Samples, restored.Height, restored.Width, window, new float[restored.Array.Length]);
    }
}
