using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Features;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Features;

/// <summary>Chains of small random weights, against the same chains written down plainly in double precision.</summary>
public sealed class PerceptualNetworkTests
{
    // Thirteen convolutions in single precision, of values around 1.
    private const double Tolerance = 1e-4;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("vgg16", false)]
    [TestCase("vgg16", true)]
    [TestCase("vgg19", false)]
    [TestCase("alexnet", false)]
    public void Layers_are_those_of_the_published_chains(string name, bool isSmooth)
    {
        PerceptualLayout layout = name switch { "vgg16" => PerceptualLayout.Vgg16, "vgg19" => PerceptualLayout.Vgg19, _ => PerceptualLayout.AlexNet };
        Dictionary<string, Tensor> weights = Weights(layout);
        PerceptualNetwork network = PerceptualNetwork.Load([Write("w.safetensors", weights)], isSmooth);
        ImageBuffer image = Noise(3, 40, 51);
        IReadOnlyList<ImageBuffer> maps = network.Extract(image, network.Layers);
        Assert.That((network.Name, network.Layers.Count), Is.EqualTo((name, name == "vgg19" ? 3 : 5)));

        double[] mean = [0.485, 0.456, 0.406];
        double[] deviation = [0.229, 0.224, 0.225];
        var map = new double[3, 40, 51];
        for (int c = 0; c < 3; c++)
        {
            for (int row = 0; row < 40; row++)
            {
                for (int column = 0; column < 51; column++)
                    map[c, row, column] = (image[c, row, column] - mean[c]) / deviation[c];
            }
        }

        int layer = 0;
        foreach (PerceptualStep step in layout.Steps)
        {
            if (step.PoolsBefore)
                map = isSmooth ? Smooth(map) : Largest(map, layout.PoolKernel);
            map = Convolve(map, weights[$"features.{step.Index}.weight"], weights[$"features.{step.Index}.bias"], step.Stride, step.Padding);
            if (!step.IsLayer)
                continue;
            ImageBuffer found = maps[layer++];
            Assert.That((found.Channels, found.Height, found.Width), Is.EqualTo((map.GetLength(0), map.GetLength(1), map.GetLength(2))));
            Assert.That(found.Array, Is.EqualTo(map.Cast<double>().ToArray()).Within(Tolerance), $"layer {layer}");
            Assert.That(found.Array, Has.Some.GreaterThan(0.01f));
        }

        Assert.That(network.Extract(image, ["relu3"])[0].Array, Is.EqualTo(maps[2].Array));
    }

    [Test]
    public void The_spellings_of_all_three_authors_are_read()
    {
        Dictionary<string, Tensor> plain = Weights(PerceptualLayout.Vgg16);
        float[] expected = PerceptualNetwork.Load([Write("plain.safetensors", plain)]).Extract(Noise(3, 16, 16), ["relu5"])[0].Array;
        int Part(string key) => int.Parse(key.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture) switch { < 4 => 1, < 9 => 2, < 16 => 3, < 23 => 4, _ => 5 };
        var lpips = plain.ToDictionary(t => $"net.slice{Part(t.Key)}.{t.Key["features.".Length..]}", t => t.Value);
        for (int i = 0; i < 5; i++)
            lpips[$"lin{i}.model.1.weight"] = lpips[$"lins.{i}.model.1.weight"] = Tensor.Full([1, 2 + i, 1, 1], i);
        lpips["scaling_layer.shift"] = Tensor.Ones([1, 3, 1, 1]);
        var dists = plain.ToDictionary(t => $"stage{Part(t.Key)}.{t.Key["features.".Length..]}", t => t.Value);
        dists["alpha"] = Tensor.Ones([1, 3 + 20, 1, 1]);
        dists["beta"] = Tensor.Ones([1, 3 + 20, 1, 1]);
        dists["stage2.4.filter"] = Tensor.Ones([2, 1, 3, 3]);

        PerceptualNetwork first = PerceptualNetwork.Load([Write("lpips.safetensors", lpips)]);
        PerceptualNetwork second = PerceptualNetwork.Load([Write("dists.safetensors", dists)]);
        Assert.That(first.Extract(Noise(3, 16, 16), ["relu5"])[0].Array, Is.EqualTo(expected));
        Assert.That(second.Extract(Noise(3, 16, 16), ["relu5"])[0].Array, Is.EqualTo(expected));
        Assert.That(first.Heads["lin3"], Is.EqualTo(new double[] { 3, 3, 3, 3, 3 }));
        Assert.That(second.Heads.Keys, Is.EquivalentTo(new[] { "alpha", "beta" }));
        Assert.That(PerceptualNetwork.Load([Write("two.safetensors", plain), Write("head.safetensors", new() { ["lin0.model.1.weight"] = Tensor.Ones([1, 2, 1, 1]) })]).Heads.Keys, Is.EqualTo(new[] { "lin0" }));
    }

    [Test]
    public void Gray_images_are_seen_three_times()
    {
        PerceptualNetwork network = PerceptualNetwork.Load([Write("w.safetensors", Weights(PerceptualLayout.Vgg16))]);
        ImageBuffer gray = Noise(1, 16, 20);
        var color = new ImageBuffer(3, 16, 20, [.. gray.Array, .. gray.Array, .. gray.Array]);
        Assert.That(network.Extract(gray, ["relu2"])[0].Array, Is.EqualTo(network.Extract(color, ["relu2"])[0].Array));
    }

    [Test]
    public void Files_that_hold_something_else_are_refused_in_a_line() => Assert.Multiple(() =>
    {
        Dictionary<string, Tensor> Changed(string key, Tensor? tensor)
        {
            Dictionary<string, Tensor> weights = Weights(PerceptualLayout.Vgg16);
            if (tensor is null)
                weights.Remove(key);
            else
                weights[key] = tensor;
            return weights;
        }

        string Refusal(Dictionary<string, Tensor> weights)
        {
            string path = Write("bad.safetensors", weights);
            long before = GC.GetAllocatedBytesForCurrentThread();
            string message = Assert.Throws<CheckpointFormatException>(() => PerceptualNetwork.Load([path]))!.Message;
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 24));
            return message;
        }

        Dictionary<string, Tensor> vgg19 = Weights(PerceptualLayout.Vgg19);
        vgg19["lin3.model.1.weight"] = Tensor.Ones([1, 5, 1, 1]);
        Assert.That(Refusal(vgg19), Does.Contain("taken for vgg19").And.Contain("'lin3'"));

        Assert.That(Refusal(Changed("features.28.weight", null)), Does.Contain("bad.safetensors").And.Contain("VGG-16's or AlexNet's"));
        Assert.That(Refusal(Changed("features.28.bias", null)), Does.Contain("features.28.bias"));
        Assert.That(Refusal(Changed("features.7.weight", Tensor.Ones([3, 9, 3, 3]))), Does.Contain("features.7.weight"));
        Assert.That(Refusal(Changed("features.0.weight", Tensor.Ones([2]))), Does.Contain("features.0.weight"));
        // A chain as wide as that would have 10^12 weights.
        Assert.That(Refusal(Changed("features.5.weight", Tensor.Ones([1 << 20, 1, 1, 1]))), Does.Contain("vgg16"));
        Assert.That(Refusal(Changed("lin1.model.1.weight", Tensor.Ones([1, 9, 1, 1]))), Does.Contain("'lin1' is").And.Contain("expected 3 weights"));
        Assert.That(Refusal(Changed("alpha", Tensor.Ones([1]))), Does.Contain("'alpha' is"));
    });

    [Test]
    public void Images_that_do_not_fit_are_refused() => Assert.Multiple(() =>
    {
        PerceptualNetwork network = PerceptualNetwork.Load([Write("w.safetensors", Weights(PerceptualLayout.AlexNet))]);
        Assert.That(() => network.Extract(Noise(3, 30, 99), ["relu1"]), Throws.ArgumentException.With.Message.Contains("31 x 31"));
        Assert.That(network.Extract(Noise(3, 31, 31), ["relu5"])[0].Height, Is.EqualTo(1));
        Assert.That(() => network.Extract(Noise(2, 64, 64), ["relu1"]), Throws.ArgumentException.With.Message.Contains("2 x 64 x 64"));
        Assert.That(() => network.Extract(Noise(3, 64, 64), ["relu6"]), Throws.ArgumentException.With.Message.Contains("relu1, relu2"));
    });

    private string Write(string name, Dictionary<string, Tensor> weights)
    {
        SafeTensorsFile.Write(_folder[name], weights);
        return _folder[name];
    }

    // Layers of 2, 3, 4, 5 and 6 features.
    internal static Dictionary<string, Tensor> Weights(PerceptualLayout layout)
    {
        var weights = new Dictionary<string, Tensor>();
        var random = new PhiloxRandom(3);
        (int inputs, int features) = (3, 2);
        foreach (PerceptualStep step in layout.Steps)
        {
            double bound = 2.5 / Math.Sqrt(inputs * step.Kernel * step.Kernel);
            float[] values = [.. Enumerable.Range(0, features * inputs * step.Kernel * step.Kernel).Select(_ => (float)random.NextUniform(-bound, bound))];
            weights[$"features.{step.Index}.weight"] = Tensor.From(values, [features, inputs, step.Kernel, step.Kernel]);
            weights[$"features.{step.Index}.bias"] = Tensor.From([.. Enumerable.Range(0, features).Select(_ => (float)random.NextUniform(0, 0.3))], [features]);
            inputs = features;
            features += step.IsLayer ? 1 : 0;
        }

        return weights;
    }

    private static ImageBuffer Noise(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        Philox4x32.FillUniform(image.Samples, 5);
        return image;
    }

    private static double[,,] Convolve(double[,,] x, Tensor weight, Tensor bias, int stride, int padding)
    {
        (float[] w, float[] b, int inputs, int kernel) = (weight.ToArray(), bias.ToArray(), weight.Shape[1], weight.Shape[2]);
        (int height, int width) = (((x.GetLength(1) + (2 * padding) - kernel) / stride) + 1, ((x.GetLength(2) + (2 * padding) - kernel) / stride) + 1);
        var y = new double[weight.Shape[0], height, width];
        Fill(y, (o, row, column) =>
        {
            double sum = b[o];
            for (int c = 0; c < inputs; c++)
            {
                for (int i = 0; i < kernel; i++)
                {
                    for (int j = 0; j < kernel; j++)
                        sum += w[(((((o * inputs) + c) * kernel) + i) * kernel) + j] * At(x, c, (row * stride) + i - padding, (column * stride) + j - padding, 0);
                }
            }

            return Math.Max(0, sum);
        });
        return y;
    }

    private static double[,,] Largest(double[,,] x, int kernel)
    {
        var y = new double[x.GetLength(0), ((x.GetLength(1) - kernel) / 2) + 1, ((x.GetLength(2) - kernel) / 2) + 1];
        Fill(y, (c, row, column) => Enumerable.Range(0, kernel * kernel).Max(k => x[c, (2 * row) + (k / kernel), (2 * column) + (k % kernel)]));
        return y;
    }

    private static double[,,] Smooth(double[,,] x)
    {
        double[] taps = [0.25, 0.5, 0.25];
        var y = new double[x.GetLength(0), (x.GetLength(1) + 1) / 2, (x.GetLength(2) + 1) / 2];
        Fill(y, (c, row, column) => Math.Sqrt(1e-12 + Enumerable.Range(0, 9).Sum(
            k => taps[k / 3] * taps[k % 3] * Math.Pow(At(x, c, (2 * row) + (k / 3) - 1, (2 * column) + (k % 3) - 1, 0), 2))));
        return y;
    }

    private static void Fill(double[,,] y, Func<int, int, int, double> value)
    {
        for (int c = 0; c < y.GetLength(0); c++)
        {
            for (int row = 0; row < y.GetLength(1); row++)
            {
                for (int column = 0; column < y.GetLength(2); column++)
                    y[c, row, column] = value(c, row, column);
            }
        }
    }

    private static double At(double[,,] x, int c, int row, int column, double outside) =>
        row < 0 || column < 0 || row >= x.GetLength(1) || column >= x.GetLength(2) ? outside : x[c, row, column];
}
