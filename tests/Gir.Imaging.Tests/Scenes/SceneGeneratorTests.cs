using System.Numerics;
using Gir.Imaging.Scenes;
using MathNet.Numerics.IntegralTransforms;

namespace Gir.Imaging.Tests.Scenes;

public sealed class SceneGeneratorTests
{
    private static IEnumerable<SceneLayout> Layouts => Enum.GetValues<SceneLayout>().Where(l => l != SceneLayout.Any);

    [TestCase(SceneLayout.Landscape, "4853f62bab621246 23b5c77f5ec3fef7")]
    [TestCase(SceneLayout.Street, "a889066441f36ed7 1321ffcea86b3aa7")]
    [TestCase(SceneLayout.StillLife, "176c2fcc11c3a60d 6c9118f4ccab6761")]
    [TestCase(SceneLayout.Foliage, "f6d1be864070f774 fee2ae933da2ce8e")]
    [TestCase(SceneLayout.Pebbles, "3bccb6e8ef39d1bc c5c81dac20fbdee4")]
    [TestCase(SceneLayout.DeadLeaves, "5b32f9a55692d0e3 ef0330eb6515f7e1")]
    public void A_seed_always_gives_the_same_bits(SceneLayout layout, string expected)
    {
        Scene scene = SceneGenerator.Create(42, 48, 64, new SceneOptions(layout));
        Assert.That($"{Hash(scene.Image):x16} {Hash(scene.Depth):x16}", Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Layouts))]
    public void Threads_do_not_change_a_bit(SceneLayout layout)
    {
        Scene expected = SceneGenerator.Create(3, 41, 67, new SceneOptions(layout));
        Scene actual = SceneGenerator.Create(3, 41, 67, new SceneOptions(layout), new Parallelism(7));
        Assert.That(actual.Image.Samples.SequenceEqual(expected.Image.Samples), Is.True);
        Assert.That(actual.Depth.Samples.SequenceEqual(expected.Depth.Samples), Is.True);
    }

    [TestCaseSource(nameof(Layouts))]
    public void Every_size_is_legal(SceneLayout layout)
    {
        foreach ((int height, int width) in ((int, int)[])[(1, 1), (1, 9), (7, 1), (2, 2), (17, 33)])
        {
            Scene scene = SceneGenerator.Create(9, height, width, new SceneOptions(layout));
            Assert.That((scene.Image.Channels, scene.Image.Height, scene.Image.Width), Is.EqualTo((3, height, width)));
            Assert.That((scene.Depth.Channels, scene.Depth.Height, scene.Depth.Width), Is.EqualTo((1, height, width)));
            Assert.That(scene.Image.Array, Has.All.InRange(0f, 1f));
            Assert.That(scene.Depth.Array, Has.All.InRange(0.05f, 1f));
            Assert.That(scene.Depth.Array.Max(), Is.EqualTo(1f));
            Assert.That(scene.Seed, Is.EqualTo(9));
        }
    }

    [TestCaseSource(nameof(Layouts))]
    public void Depth_is_that_of_the_pixel_center(SceneLayout layout)
    {
        // Every third sample of a picture three times as fine lies on the same ray.
        const int height = 24;
        const int width = 36;
        var options = new SceneOptions(layout, Supersampling: 1);
        Scene coarse = SceneGenerator.Create(11, height, width, options);
        Scene fine = SceneGenerator.Create(11, 3 * height, 3 * width, options);
        var ratios = new List<float>();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (coarse.Depth[0, y, x] > 0.06f)
                    ratios.Add(coarse.Depth[0, y, x] / fine.Depth[0, (3 * y) + 1, (3 * x) + 1]);
            }
        }

        // Both are divided by their own maximum; rounding may move a ray across an outline here and there.
        ratios.Sort();
        float median = ratios[ratios.Count / 2];
        Assert.That(ratios, Is.Not.Empty);
        Assert.That(ratios.Count(r => Math.Abs((r / median) - 1) > 1e-4), Is.LessThanOrEqualTo(ratios.Count / 100));
    }

    [Test]
    public void Higher_up_a_street_or_a_meadow_is_farther_away()
    {
        foreach (SceneLayout layout in (SceneLayout[])[SceneLayout.Landscape, SceneLayout.Street])
        {
            for (ulong seed = 0; seed < 4; seed++)
            {
                ImageBuffer depth = SceneGenerator.Create(seed, 48, 64, new SceneOptions(layout, 1)).Depth;
                double bottom = Enumerable.Range(0, 64).Average(x => depth[0, 47, x]);
                double top = Enumerable.Range(0, 64).Average(x => depth[0, 1, x]);
                Assert.That(bottom, Is.LessThan(0.3), $"{layout} {seed}");
                Assert.That(top, Is.GreaterThan(1.5 * bottom), $"{layout} {seed}");
            }
        }
    }

    [Test]
    [OnePass]
    public void Any_layout_can_be_drawn_and_seeds_differ()
    {
        Scene[] scenes = [.. Enumerable.Range(0, 24).Select(seed => SceneGenerator.Create((ulong)seed, 8, 8))];
        Assert.That(scenes.Select(s => Hash(s.Image)).Distinct().Count(), Is.EqualTo(24));
        ulong[] fixedLayouts =
            [.. Layouts.SelectMany(l => Enumerable.Range(0, 24).Select(seed => Hash(SceneGenerator.Create((ulong)seed, 8, 8, new SceneOptions(l)).Image)))];
        int[] drawn = [.. scenes.Select(s => System.Array.IndexOf(fixedLayouts, Hash(s.Image)) / 24)];
        Assert.That(drawn, Has.None.LessThan(0));
        Assert.That(drawn.Distinct().Count(), Is.GreaterThanOrEqualTo(5));
    }

    [Test]
    [OnePass]
    public void Scenes_have_the_statistics_of_photographs()
    {
        var slopes = new List<double>();
        foreach (SceneLayout layout in Layouts)
        {
            for (ulong seed = 20; seed < 22; seed++)
            {
                ImageBuffer image = SceneGenerator.Create(seed, 128, 128, new SceneOptions(layout)).Image;
                double[] gray = Gray(image);
                slopes.Add(SpectralSlope(gray, 128));
                Assert.That(slopes[^1], Is.InRange(-3.2, -1.4), $"{layout} {seed}: slope");
                Assert.That(Kurtosis(gray, 128), Is.GreaterThan(6), $"{layout} {seed}: kurtosis of derivatives");
                Assert.That(gray.Average(), Is.InRange(0.25, 0.65), $"{layout} {seed}: mean");
                Assert.That(Math.Sqrt(Variance(gray)), Is.InRange(0.08, 0.32), $"{layout} {seed}: contrast");
                Assert.That(Correlation(image, 0, 1), Is.GreaterThan(0.5), $"{layout} {seed}: red and green");
                Assert.That(Correlation(image, 1, 2), Is.GreaterThan(0.4), $"{layout} {seed}: green and blue");
            }
        }

        // Power of photographs falls as frequency to the -2 (Field 1987; Ruderman 1994).
        Assert.That(slopes.Average(), Is.InRange(-2.4, -1.6), string.Join(" ", slopes.Select(s => s.ToString("F2", null))));
    }

    [Test]
    [OnePass]
    public void More_samples_per_pixel_come_nearer_to_the_truth()
    {
        foreach (SceneLayout layout in Layouts)
        {
            ImageBuffer truth = SceneGenerator.Create(5, 32, 48, new SceneOptions(layout, 6)).Image;
            double one = Difference(SceneGenerator.Create(5, 32, 48, new SceneOptions(layout, 1)).Image, truth);
            double two = Difference(SceneGenerator.Create(5, 32, 48, new SceneOptions(layout, 2)).Image, truth);
            Assert.That(two, Is.LessThan(0.75 * one), layout.ToString());
        }
    }

    [Test]
    public void Bad_arguments_are_refused()
    {
        Assert.That(() => SceneGenerator.Create(1, 0, 5), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => SceneGenerator.Create(1, 5, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => SceneGenerator.Create(1, 5, 5, new SceneOptions(Supersampling: 0)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => SceneGenerator.Create(1, 5, 5, new SceneOptions(Supersampling: 9)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => SceneGenerator.Create(1, 5, 5, new SceneOptions((SceneLayout)99)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Turns_are_sines_and_cosines()
    {
        for (float x = -2; x <= 2; x += 0.0173f)
        {
            (float cosine, float sine) = SceneMath.Turn(x);
            Assert.That(cosine, Is.EqualTo(Math.Cos(2 * Math.PI * x)).Within(3e-4));
            Assert.That(sine, Is.EqualTo(Math.Sin(2 * Math.PI * x)).Within(3e-4));
        }
    }

    [Test]
    public void Encoding_is_sRGB()
    {
        for (double x = 0; x <= 1; x += 0.01)
        {
            double expected = x <= 0.0031308 ? 12.92 * x : (1.055 * Math.Pow(x, 1 / 2.4)) - 0.055;
            Assert.That(SceneMath.Encode((float)x), Is.EqualTo(expected).Within(0.003));
        }
    }

    // FNV-1a over the bits of the samples.
    private static ulong Hash(ImageBuffer image)
    {
        ulong hash = 14695981039346656037;
        foreach (float sample in image.Samples)
            hash = (hash ^ BitConverter.SingleToUInt32Bits(sample)) * 1099511628211;
        return hash;
    }

    private static double[] Gray(ImageBuffer image) =>
        [.. Enumerable.Range(0, image.PlaneLength).Select(i => (0.299 * image.Plane(0)[i]) + (0.587 * image.Plane(1)[i]) + (0.114 * image.Plane(2)[i]))];

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Average(v => (v - mean) * (v - mean));
    }

    private static double Kurtosis(double[] gray, int width)
    {
        double[] differences = [.. Enumerable.Range(0, gray.Length - 1).Where(i => i % width != width - 1).Select(i => gray[i + 1] - gray[i])];
        double mean = differences.Average();
        double variance = Variance(differences);
        return differences.Average(d => Math.Pow(d - mean, 4)) / (variance * variance);
    }

    private static double Correlation(ImageBuffer image, int a, int b)
    {
        double[] x = [.. image.Plane(a).ToArray().Select(v => (double)v)];
        double[] y = [.. image.Plane(b).ToArray().Select(v => (double)v)];
        return MathNet.Numerics.Statistics.Correlation.Pearson(x, y);
    }

    private static double Difference(ImageBuffer a, ImageBuffer b) =>
        a.Array.Zip(b.Array, (x, y) => ((double)x - y) * (x - y)).Average();

    // Least squares of log power over log frequency, radially averaged, Hann window.
    private static double SpectralSlope(double[] gray, int size)
    {
        double mean = gray.Average();
        var rows = new Complex[size][];
        for (int y = 0; y < size; y++)
        {
            rows[y] = [.. Enumerable.Range(0, size).Select(x => new Complex((gray[(y * size) + x] - mean) * Hann(x) * Hann(y), 0))];
            Fourier.Forward(rows[y], FourierOptions.NoScaling);
        }

        var power = new double[size];
        var counts = new int[size];
        for (int x = 0; x < size; x++)
        {
            Complex[] column = [.. rows.Select(r => r[x])];
            Fourier.Forward(column, FourierOptions.NoScaling);
            for (int y = 0; y < size; y++)
            {
                int radius = (int)Math.Round(Math.Sqrt(Square(Math.Min(x, size - x)) + Square(Math.Min(y, size - y))));
                if (radius < size)
                {
                    power[radius] += Square(column[y].Magnitude);
                    counts[radius]++;
                }
            }
        }

        int[] radii = [.. Enumerable.Range(3, (size / 3) - 3)];
        double[] logFrequency = [.. radii.Select(r => Math.Log(r))];
        double[] logPower = [.. radii.Select(r => Math.Log(power[r] / counts[r]))];
        return MathNet.Numerics.Fit.Line(logFrequency, logPower).B;

        double Hann(int i) => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / size));

        static double Square(double v) => v * v;
    }
}
