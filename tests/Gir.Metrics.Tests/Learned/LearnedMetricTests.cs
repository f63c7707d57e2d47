using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Random;
using Gir.Metrics.Learned;

namespace Gir.Metrics.Tests.Learned;

/// <summary>The metrics' equations, written down again over a made-up network.</summary>
public sealed class LearnedMetricTests
{
    private const double Tolerance = 1e-12;

    [Test]
    public void Lpips_is_its_equation()
    {
        (ImageBuffer x, ImageBuffer y) = (Noise(1, 6, 7), Noise(2, 6, 7));
        double[][] weights = [[0.5, 2], [1, 0, 3]];
        double expected = 0;
        var network = new Made();
        for (int l = 0; l < 2; l++)
        {
            (ImageBuffer a, ImageBuffer b) = (network.Extract(x, [network.Layers[l]])[0], network.Extract(y, [network.Layers[l]])[0]);
            double sum = 0;
            for (int row = 0; row < a.Height; row++)
            {
                for (int column = 0; column < a.Width; column++)
                {
                    double[] va = [.. Enumerable.Range(0, a.Channels).Select(c => (double)a[c, row, column])];
                    double[] vb = [.. Enumerable.Range(0, a.Channels).Select(c => (double)b[c, row, column])];
                    (double na, double nb) = (Math.Sqrt(va.Sum(v => v * v)) + 1e-10, Math.Sqrt(vb.Sum(v => v * v)) + 1e-10);
                    sum += weights[l].Select((w, c) => w * Math.Pow((va[c] / na) - (vb[c] / nb), 2)).Sum();
                }
            }

            expected += sum / (a.Height * a.Width);
        }

        MetricScore score = new Lpips(network, network.Layers, weights).Measure(x, y);
        Assert.That(score.Value, Is.EqualTo(expected).Within(Tolerance));
        Assert.That((score.Metric, score.Model, score.HigherIsBetter), Is.EqualTo(("lpips", "made", false)));
        Assert.That(new Lpips(network, network.Layers, weights).Measure(x, x).Value, Is.Zero);
    }

    [Test]
    public void Dists_is_its_equations()
    {
        (ImageBuffer x, ImageBuffer y) = (Noise(1, 6, 7), Noise(2, 6, 7));
        double[] alpha = [1, 2, 3, 4, 5, 6, 7, 8];
        double[] beta = [8, 7, 6, 5, 4, 3, 2, 1];
        var network = new Made();
        ImageBuffer[] first = [x, .. network.Extract(x, network.Layers)];
        ImageBuffer[] second = [y, .. network.Extract(y, network.Layers)];
        double similarity = 0;
        int k = 0;
        for (int l = 0; l < first.Length; l++)
        {
            for (int c = 0; c < first[l].Channels; c++, k++)
            {
                double[] a = [.. first[l].Plane(c).ToArray().Select(v => (double)v)];
                double[] b = [.. second[l].Plane(c).ToArray().Select(v => (double)v)];
                (double ma, double mb) = (a.Average(), b.Average());
                double va = a.Average(v => v * v) - (ma * ma);
                double vb = b.Average(v => v * v) - (mb * mb);
                double covariance = a.Zip(b, (p, q) => p * q).Average() - (ma * mb);
                similarity += alpha[k] / 72 * ((2 * ma * mb) + 1e-6) / ((ma * ma) + (mb * mb) + 1e-6);
                similarity += beta[k] / 72 * ((2 * covariance) + 1e-6) / (va + vb + 1e-6);
            }
        }

        var dists = new Dists(network, network.Layers, alpha, beta);
        Assert.That(dists.Measure(x, y).Value, Is.EqualTo(1 - similarity).Within(1e-9));
        Assert.That(dists.Measure(x, x).Value, Is.Zero.Within(Tolerance));
        Assert.That(dists.Measure(new ImageBuffer(1, 6, 7, x.Plane(0).ToArray()), new ImageBuffer(1, 6, 7, y.Plane(0).ToArray())).Value, Is.Positive);
    }

    [Test]
    public void Semantics_is_the_cosine_between_unrelated_and_same()
    {
        var network = new Made();
        ImageBuffer[] pictures = [Noise(1, 6, 6), Noise(2, 6, 6), Noise(3, 6, 6)];
        SemanticsCalibration calibration = SemanticsCalibration.Measure(network, pictures);
        double Local(int i, int j) => Cosines(network, pictures[i], pictures[j]).Average();
        Assert.That(calibration.Layer, Is.EqualTo("second"));
        Assert.That(calibration.Local, Is.EqualTo((Local(0, 1) + Local(0, 2) + Local(1, 2)) / 3).Within(Tolerance));

        var semantics = new Semantics(network, calibration);
        SemanticScores same = semantics.MeasureAll(pictures[0], pictures[0]);
        Assert.That((same.Local, same.Global, same.Changed), Is.EqualTo((4.0, 4.0, 0.0)).Using<(double, double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) + a.Item3 < 1e-9 ? 0 : 1));
        SemanticScores other = semantics.MeasureAll(pictures[0], pictures[1]);
        Assert.That(other.Local, Is.EqualTo(4 * Math.Clamp((Local(0, 1) - calibration.Local) / (1 - calibration.Local), 0, 1)).Within(Tolerance));
        Assert.That((other.Map.Height, other.Map.Width), Is.EqualTo((3, 3)));
        Assert.That(other.Changed, Is.EqualTo(other.Map.Array.Count(v => v < 2) / 9.0).Within(Tolerance));
        Assert.That(semantics.Measure(pictures[0], pictures[1]).Value, Is.EqualTo(other.Local));

        // A copy with one corner from elsewhere: that place alone is wrong.
        ImageBuffer mixed = pictures[0].Clone();
        for (int c = 0; c < 3; c++)
        {
            mixed[c, 0, 0] = mixed[c, 0, 1] = mixed[c, 1, 0] = mixed[c, 1, 1] = c == 0 ? 1 : 0;
        }

        SemanticScores part = semantics.MeasureAll(pictures[0], mixed);
        Assert.That(part.Map.Array[1..], Is.All.EqualTo(4).Within(1e-6));
        Assert.That(part.Map.Array[0], Is.LessThan(4));
    }

    [Test]
    public void A_calibration_is_kept_in_a_file_and_nothing_else_is_taken_for_one()
    {
        using var folder = new TemporaryFolder();
        var calibration = new SemanticsCalibration("made", "second", 0.1 + 0.2, -1.0 / 3);
        calibration.Save(folder["zero.json"]);
        Assert.That(SemanticsCalibration.Load(folder["zero.json"]), Is.EqualTo(calibration));
        Assert.That(() => calibration.Save(folder["zero.json"]), Throws.InstanceOf<IOException>());
        string json = File.ReadAllText(folder["zero.json"]);
        foreach ((string from, string to, string told) in new[]
        {
            ("gir-semantics", "gir-other", "format"), ("\"version\": 1", "\"version\": 2", "version"), ("\"local\": 0.3", "\"local\": 1.3", "below 1"),
            ("\"layer\"", "\"lair\"", "lair"), ("{", "[", "no JSON"), ("\"second\"", "null", "$.layer"),
        })
        {
            File.WriteAllText(folder["bad.json"], json.Replace(from, to, StringComparison.Ordinal));
            Assert.That(() => SemanticsCalibration.Load(folder["bad.json"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains(told).And.Message.Contains("bad.json"), to);
        }

        File.WriteAllBytes(folder["bad.json"], new byte[1 << 17]);
        Assert.That(() => SemanticsCalibration.Load(folder["bad.json"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("at most"));
    }

    [Test]
    public void What_does_not_fit_is_refused() => Assert.Multiple(() =>
    {
        var network = new Made();
        var fine = new SemanticsCalibration("made", "second", 0.5, 0.6);
        Assert.That(() => new Lpips(network, ["third"], [[1]]), Throws.ArgumentException.With.Message.Contains("first, second"));
        Assert.That(() => new Lpips(network, ["first"], [[1], [2]]), Throws.ArgumentException.With.Message.Contains("1 layers and 2"));
        Assert.That(() => new Lpips(network, ["first"], [[1, 2, 3]]).Measure(Noise(1, 6, 6), Noise(2, 6, 6)), Throws.ArgumentException.With.Message.Contains("2 features"));
        Assert.That(() => new Lpips(network, ["first"], [[1, double.NaN]]), Throws.ArgumentException);
        Assert.That(() => new Dists(network, network.Layers, [0, 0, 0], [0, 0, 0]), Throws.ArgumentException.With.Message.Contains("positive"));
        Assert.That(() => new Dists(network, network.Layers, [1, 1, 1], [1, 1, 1]).Measure(Noise(1, 6, 6), Noise(2, 6, 6)), Throws.ArgumentException.With.Message.Contains("8 features"));
        Assert.That(() => new Semantics(network, fine with { Extractor = "vgg16" }), Throws.ArgumentException.With.Message.Contains("vgg16"));
        Assert.That(() => new Semantics(network, fine with { Local = 1 }), Throws.ArgumentException);
        Assert.That(() => SemanticsCalibration.Measure(network, [Noise(1, 6, 6), Noise(1, 6, 6)]), Throws.ArgumentException.With.Message.Contains("same"));
        Assert.That(() => SemanticsCalibration.Measure(network, [Noise(1, 6, 6)]), Throws.ArgumentException);
        Assert.That(new Semantics(network, fine).WhyUnfit(3, 3, 9), Does.Contain("4 x 4"));
        Assert.That(() => new Lpips(network, ["first"], [[1, 1]], crop: 2).Measure(Noise(1, 7, 7), Noise(2, 7, 7)), Throws.ArgumentException);
    });

    private static IEnumerable<double> Cosines(Made network, ImageBuffer x, ImageBuffer y)
    {
        (ImageBuffer a, ImageBuffer b) = (network.Extract(x, ["second"])[0], network.Extract(y, ["second"])[0]);
        for (int p = 0; p < a.PlaneLength; p++)
        {
            double Dot(ImageBuffer u, ImageBuffer v) => Enumerable.Range(0, u.Channels).Sum(c => (double)u.Plane(c)[p] * v.Plane(c)[p]);
            yield return Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
        }
    }

    private static ImageBuffer Noise(ulong seed, int height, int width)
    {
        var image = new ImageBuffer(3, height, width);
        Philox4x32.FillUniform(image.Samples, seed);
        return image;
    }

    /// <summary>Two layers: a sum and a difference of colors, and the means of 2 x 2 cells, squared.</summary>
    private sealed class Made : IFeatureExtractor
    {
        public string Name => "made";

        public FeatureInput Input { get; } = new() { MinimumSize = 4 };

        public IReadOnlyList<string> Layers => ["first", "second"];

        public IReadOnlyList<ImageBuffer> Extract(ImageBuffer image, IReadOnlyList<string> layers, CancellationToken cancellationToken = default) =>
            [.. layers.Select(l => l == "first" ? First(image) : Second(image))];

        private static float At(ImageBuffer image, int c, int y, int x) => image[Math.Min(c, image.Channels - 1), y, x];

        private static ImageBuffer First(ImageBuffer image)
        {
            var map = new ImageBuffer(2, image.Height, image.Width);
            for (int y = 0; y < image.Height; y++)
            {
                for (int x = 0; x < image.Width; x++)
                    (map[0, y, x], map[1, y, x]) = (At(image, 0, y, x) + At(image, 1, y, x), At(image, 1, y, x) - At(image, 2, y, x));
            }

            return map;
        }

        private static ImageBuffer Second(ImageBuffer image)
        {
            var map = new ImageBuffer(3, image.Height / 2, image.Width / 2);
            for (int c = 0; c < 3; c++)
            {
                for (int y = 0; y < map.Height; y++)
                {
                    for (int x = 0; x < map.Width; x++)
                    {
                        float mean = (At(image, c, 2 * y, 2 * x) + At(image, c, 2 * y, (2 * x) + 1) + At(image, c, (2 * y) + 1, 2 * x) + At(image, c, (2 * y) + 1, (2 * x) + 1)) / 4;
                        map[c, y, x] = mean * mean;
                    }
                }
            }

            return map;
        }
    }
}
