using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Features;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Features;

/// <summary>A narrow Inception of weights by formula, against the same graph written down plainly in double precision.</summary>
public sealed class InceptionNetworkTests
{
    // Some fifty convolutions in single precision.
    private const double Tolerance = 1e-4;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Blocks_are_those_of_the_graph_of_2015()
    {
        var reference = new Reference();
        ImageBuffer image = Noise(3, 90, 121);
        double[][,,] expected = reference.Blocks(image);
        InceptionNetwork network = Load(reference.Weights);
        IReadOnlyList<ImageBuffer> found = network.Extract(image, network.Layers);

        Assert.That((network.Features, network.FeatureLayer), Is.EqualTo((expected[3].GetLength(0), "block3")));
        for (int i = 0; i < 4; i++)
        {
            double[] values = i < 3 ? [.. expected[i].Cast<double>()] : Means(expected[i]);
            Assert.That((found[i].Channels, found[i].Height), Is.EqualTo((expected[i].GetLength(0), i < 3 ? expected[i].GetLength(1) : 1)));
            double largest = values.Max();
            Assert.That(largest, Is.GreaterThan(0.01), "the block sees something");
            Assert.That(Images.MaxDifference(found[i].Array, values), Is.LessThan(Tolerance * largest), $"block{i}");
        }

        Assert.That(expected[3].GetLength(1), Is.EqualTo(8));
        Assert.That(network.Extract(image, ["block3"])[0].Array, Is.EqualTo(found[3].Array));
        var gray = new ImageBuffer(1, 9, 7, Noise(1, 9, 7).Array);
        Assert.That(network.Extract(gray, ["block3"])[0].Array, Is.EqualTo(network.Extract(new ImageBuffer(3, 9, 7, [.. gray.Array, .. gray.Array, .. gray.Array]), ["block3"])[0].Array));
        Assert.That(() => network.Extract(image, ["pool"]), Throws.ArgumentException.With.Message.Contains("block0, block1"));
        Assert.That(() => network.Extract(Noise(2, 9, 9), ["block0"]), Throws.ArgumentException.With.Message.Contains("2 x 9 x 9"));
    }

    [Test]
    public void Files_that_hold_something_else_are_refused_in_a_line() => Assert.Multiple(() =>
    {
        var reference = new Reference();
        reference.Blocks(Noise(3, 4, 4));
        string Refusal(string key, Tensor? tensor)
        {
            var weights = new Dictionary<string, Tensor>(reference.Weights);
            if (tensor is null)
                weights.Remove(key);
            else
                weights[key] = tensor;
            long before = GC.GetAllocatedBytesForCurrentThread();
            string message = Assert.Throws<CheckpointFormatException>(() => Load(weights))!.Message;
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 24));
            return message;
        }

        Assert.That(Refusal("Mixed_7c.branch_pool.conv.weight", null), Does.Contain("w.safetensors").And.Contain("'Mixed_7c.branch_pool.conv.weight'"));
        Assert.That(Refusal("Mixed_6b.branch7x7_2.conv.weight", Tensor.Ones([2, 2, 7, 1])), Does.Contain("Mixed_6b.branch7x7_2").And.Contain("1, 7]"));
        Assert.That(Refusal("Conv2d_2a_3x3.conv.weight", Tensor.Ones([2, 9, 3, 3])), Does.Contain("expected [o, 2, 3, 3]"));
        Assert.That(Refusal("Mixed_5b.branch1x1.bn.running_var", Tensor.Ones([7])), Does.Contain("'Mixed_5b.branch1x1.bn.running_var' is").And.Contain("expected 2 numbers"));
        Assert.That(Refusal("Mixed_5b.branch1x1.bn.running_var", Tensor.Full([2], -1)), Does.Contain("variance of at least 0"));
        Assert.That(Refusal("fc.weight", Tensor.Ones([1000, 4])), Does.Contain("torchvision's own weights"));
    });

    private InceptionNetwork Load(Dictionary<string, Tensor> weights)
    {
        SafeTensorsFile.Write(_folder["w.safetensors"], weights);
        return InceptionNetwork.Load(_folder["w.safetensors"]);
    }

    private static ImageBuffer Noise(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        Philox4x32.FillUniform(image.Samples, 5);
        return image;
    }

    private static double[] Means(double[,,] x) => [.. Enumerable.Range(0, x.GetLength(0)).Select(c =>
    {
        double sum = 0;
        for (int y = 0; y < x.GetLength(1); y++)
        {
            for (int z = 0; z < x.GetLength(2); z++)
                sum += x[c, y, z];
        }

        return sum / (x.GetLength(1) * x.GetLength(2));
    })];

    /// <summary>pytorch-fid's inception.py, told again over arrays; the weights of a convolution are made when it is met.</summary>
    private sealed class Reference
    {
        private readonly PhiloxRandom _random = new(11);

        public Dictionary<string, Tensor> Weights { get; } = [];

        public double[][,,] Blocks(ImageBuffer image)
        {
            double[,,] x = Resized(image, 299);
            x = Conv(x, "Conv2d_1a_3x3", 3, 3, 2, 0, 0);
            x = Conv(x, "Conv2d_2a_3x3", 3, 3, 1, 0, 0);
            x = Conv(x, "Conv2d_2b_3x3", 3, 3, 1, 1, 1);
            double[,,] block0 = x = MaxPool(x, 2, 0);
            x = Conv(x, "Conv2d_3b_1x1", 1, 1, 1, 0, 0);
            x = Conv(x, "Conv2d_4a_3x3", 3, 3, 1, 0, 0);
            double[,,] block1 = x = MaxPool(x, 2, 0);
            foreach (string m in new[] { "Mixed_5b", "Mixed_5c", "Mixed_5d" })
            {
                double[,,] b1 = Conv(x, m + ".branch1x1", 1, 1, 1, 0, 0);
                double[,,] b5 = Conv(Conv(x, m + ".branch5x5_1", 1, 1, 1, 0, 0), m + ".branch5x5_2", 5, 5, 1, 2, 2);
                double[,,] b3 = Conv(Conv(Conv(x, m + ".branch3x3dbl_1", 1, 1, 1, 0, 0), m + ".branch3x3dbl_2", 3, 3, 1, 1, 1), m + ".branch3x3dbl_3", 3, 3, 1, 1, 1);
                x = Concat(b1, b5, b3, Conv(AvgPool(x), m + ".branch_pool", 1, 1, 1, 0, 0));
            }

            double[,,] down = Conv(x, "Mixed_6a.branch3x3", 3, 3, 2, 0, 0);
            double[,,] twice = Conv(Conv(Conv(x, "Mixed_6a.branch3x3dbl_1", 1, 1, 1, 0, 0), "Mixed_6a.branch3x3dbl_2", 3, 3, 1, 1, 1), "Mixed_6a.branch3x3dbl_3", 3, 3, 2, 0, 0);
            x = Concat(down, twice, MaxPool(x, 2, 0));
            foreach (string m in new[] { "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e" })
            {
                double[,,] b1 = Conv(x, m + ".branch1x1", 1, 1, 1, 0, 0);
                double[,,] b7 = Conv(Conv(Conv(x, m + ".branch7x7_1", 1, 1, 1, 0, 0), m + ".branch7x7_2", 1, 7, 1, 0, 3), m + ".branch7x7_3", 7, 1, 1, 3, 0);
                double[,,] d = Conv(Conv(Conv(x, m + ".branch7x7dbl_1", 1, 1, 1, 0, 0), m + ".branch7x7dbl_2", 7, 1, 1, 3, 0), m + ".branch7x7dbl_3", 1, 7, 1, 0, 3);
                d = Conv(Conv(d, m + ".branch7x7dbl_4", 7, 1, 1, 3, 0), m + ".branch7x7dbl_5", 1, 7, 1, 0, 3);
                x = Concat(b1, b7, d, Conv(AvgPool(x), m + ".branch_pool", 1, 1, 1, 0, 0));
            }

            double[,,] block2 = x;
            down = Conv(Conv(x, "Mixed_7a.branch3x3_1", 1, 1, 1, 0, 0), "Mixed_7a.branch3x3_2", 3, 3, 2, 0, 0);
            twice = Conv(Conv(x, "Mixed_7a.branch7x7x3_1", 1, 1, 1, 0, 0), "Mixed_7a.branch7x7x3_2", 1, 7, 1, 0, 3);
            twice = Conv(Conv(twice, "Mixed_7a.branch7x7x3_3", 7, 1, 1, 3, 0), "Mixed_7a.branch7x7x3_4", 3, 3, 2, 0, 0);
            x = Concat(down, twice, MaxPool(x, 2, 0));
            foreach (string m in new[] { "Mixed_7b", "Mixed_7c" })
            {
                double[,,] b1 = Conv(x, m + ".branch1x1", 1, 1, 1, 0, 0);
                double[,,] b3 = Conv(x, m + ".branch3x3_1", 1, 1, 1, 0, 0);
                double[,,] d = Conv(Conv(x, m + ".branch3x3dbl_1", 1, 1, 1, 0, 0), m + ".branch3x3dbl_2", 3, 3, 1, 1, 1);
                // The average in the first block, the maximum in the second.
                double[,,] pool = m == "Mixed_7b" ? AvgPool(x) : MaxPool(x, 1, 1);
                x = Concat(
                    b1, Conv(b3, m + ".branch3x3_2a", 1, 3, 1, 0, 1), Conv(b3, m + ".branch3x3_2b", 3, 1, 1, 1, 0), Conv(d, m + ".branch3x3dbl_3a", 1, 3, 1, 0, 1),
                    Conv(d, m + ".branch3x3dbl_3b", 3, 1, 1, 1, 0), Conv(pool, m + ".branch_pool", 1, 1, 1, 0, 0));
            }

            return [block0, block1, block2, x];
        }

        // torch's interpolate(mode="bilinear", align_corners=False), then 2 x - 1.
        private static double[,,] Resized(ImageBuffer image, int side)
        {
            var y = new double[3, side, side];
            Fill(y, (c, row, column) =>
            {
                (int top, int bottom, double down) = Place(row, image.Height);
                (int left, int right, double across) = Place(column, image.Width);
                double above = (image[c, top, left] * (1 - across)) + (image[c, top, right] * across);
                double below = (image[c, bottom, left] * (1 - across)) + (image[c, bottom, right] * across);
                return (2 * ((above * (1 - down)) + (below * down))) - 1;
            });
            return y;

            (int First, int Second, double Share) Place(int at, int size)
            {
                double place = Math.Max(0, ((at + 0.5) * size / side) - 0.5);
                int first = (int)place;
                return (first, Math.Min(first + 1, size - 1), place - first);
            }
        }

        // Convolution without bias, batch normalization (eps 0.001), rectifier.
        private double[,,] Conv(double[,,] x, string name, int kh, int kw, int stride, int ph, int pw)
        {
            int inputs = x.GetLength(0);
            if (!Weights.ContainsKey(name + ".conv.weight"))
            {
                // Two outputs, in some places three.
                int count = Weights.Count % 35 == 0 ? 3 : 2;
                if (name == "Conv2d_1a_3x3")
                    count = 2;
                double bound = 2 / Math.Sqrt(inputs * kh * kw);
                Tensor Draw(int n, double from, double to) => Tensor.From([.. Enumerable.Range(0, n).Select(_ => (float)_random.NextUniform(from, to))], [n]);
                Weights[name + ".conv.weight"] = Draw(count * inputs * kh * kw, -bound, bound).Reshape(count, inputs, kh, kw);
                Weights[name + ".bn.weight"] = Draw(count, 0.7, 1.3);
                Weights[name + ".bn.bias"] = Draw(count, 0, 0.4);
                Weights[name + ".bn.running_mean"] = Draw(count, -0.2, 0.2);
                Weights[name + ".bn.running_var"] = Draw(count, 0.4, 1);
            }

            float[] w = Weights[name + ".conv.weight"].ToArray();
            float[][] bn = [.. new[] { "weight", "bias", "running_mean", "running_var" }.Select(p => Weights[$"{name}.bn.{p}"].ToArray())];
            var y = new double[bn[0].Length, ((x.GetLength(1) + (2 * ph) - kh) / stride) + 1, ((x.GetLength(2) + (2 * pw) - kw) / stride) + 1];
            Fill(y, (o, row, column) =>
            {
                double sum = 0;
                for (int c = 0; c < inputs; c++)
                {
                    for (int i = 0; i < kh; i++)
                    {
                        int r = (row * stride) + i - ph;
                        if (r < 0 || r >= x.GetLength(1))
                            continue;
                        for (int j = 0; j < kw; j++)
                        {
                            int k = (column * stride) + j - pw;
                            if (k >= 0 && k < x.GetLength(2))
                                sum += w[(((((o * inputs) + c) * kh) + i) * kw) + j] * x[c, r, k];
                        }
                    }
                }

                return Math.Max(0, ((sum - bn[2][o]) / Math.Sqrt(bn[3][o] + 1e-3) * bn[0][o]) + bn[1][o]);
            });
            return y;
        }

        private static double[,,] MaxPool(double[,,] x, int stride, int padding) => Pool(x, stride, padding, inside => inside.Max());

        private static double[,,] AvgPool(double[,,] x) => Pool(x, 1, 1, inside => inside.Average());

        private static double[,,] Pool(double[,,] x, int stride, int padding, Func<IEnumerable<double>, double> value)
        {
            (int height, int width) = (x.GetLength(1), x.GetLength(2));
            var y = new double[x.GetLength(0), ((height + (2 * padding) - 3) / stride) + 1, ((width + (2 * padding) - 3) / stride) + 1];
            Fill(y, (c, row, column) => value(
                from i in Enumerable.Range((row * stride) - padding, 3)
                from j in Enumerable.Range((column * stride) - padding, 3)
                where i >= 0 && i < height && j >= 0 && j < width
                select x[c, i, j]));
            return y;
        }

        private static double[,,] Concat(params double[][,,] parts)
        {
            var y = new double[parts.Sum(p => p.GetLength(0)), parts[0].GetLength(1), parts[0].GetLength(2)];
            int at = 0;
            foreach (double[,,] part in parts)
            {
                Array.Copy(part, 0, y, at, part.Length);
                at += part.Length;
            }

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
    }
}
