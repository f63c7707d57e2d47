using Gir.Imaging.Filtering;

namespace Gir.Imaging.Tests.Filtering;

public class ImageFilterTests
{
    /// <summary>Sums in float32 against float64 (manifest: filter).</summary>
    private const double Float32 = 3e-6;

    private static readonly SafeTensors Kernels = SafeTensors.Load(TestData.Golden("degradations", "kernels.safetensors"));
    private static readonly SafeTensors Filtered = SafeTensors.Load(TestData.Golden("degradations", "filtered.safetensors"));

    public static IEnumerable<string> GoldenNames() => Filtered.Names;

    [TestCaseSource(nameof(GoldenNames))]
    public void Correlation_agrees_with_scipy(string name) =>
        CheckGolden(Filtered, SafeTensors.Load(TestData.Golden("degradations", "inputs.safetensors")), name);

    [Test]
    [Category(TestData.RealData)]
    public void Correlation_agrees_with_scipy_on_photographs()
    {
        SafeTensors filtered = SafeTensors.Load(TestData.Shared("golden", "photos", "degradations", "filtered.safetensors"));
        SafeTensors inputs = SafeTensors.Load(TestData.Shared("golden", "photos", "degradations", "inputs.safetensors"));
        foreach (string name in filtered.Names)
            CheckGolden(filtered, inputs, name);
    }

    [Test]
    public void Correlation_is_the_sum_it_is_defined_as_for_every_border_and_kernel_shape([Values] PadMode border)
    {
        ImageBuffer image = Pictures.Noise(2, 13, 37);
        FilterKernel[] kernels =
        [
            RandomKernel(3, 3), RandomKernel(4, 5), RandomKernel(5, 4), RandomKernel(9, 7), RandomKernel(1, 6), RandomKernel(6, 1), RandomKernel(2, 2),
            RandomKernel(13, 21), FilterKernel.Motion(11, 30), FilterKernel.Gaussian(7, 1.2), FilterKernel.Box(4), FilterKernel.FromWeights([2], 1, 1),
        ];
        foreach (FilterKernel kernel in kernels)
        {
            ImageBuffer actual = ImageFilter.Correlate(image, kernel, border);
            double[] expected = Naive(image, kernel, border);
            Assert.That(Images.MaxDifference(actual.Samples, expected), Is.LessThan(2e-5), $"{border}, {kernel}");
        }
    }

    [Test]
    public void Tiny_images_are_filtered_with_every_border_but_reflection([Values(1, 2, 3)] int height, [Values(1, 3)] int width)
    {
        ImageBuffer image = Pictures.Noise(3, height, width);
        foreach (PadMode border in new[] { PadMode.Zero, PadMode.Replicate, PadMode.Symmetric, PadMode.LinearRamp })
        {
            foreach (FilterKernel kernel in new[] { FilterKernel.Gaussian(15, 3), FilterKernel.Sinc(21, 1.2), RandomKernel(8, 6) })
                Assert.That(Images.MaxDifference(ImageFilter.Correlate(image, kernel, border).Samples, Naive(image, kernel, border)), Is.LessThan(2e-5));
        }
    }

    [Test]
    public void An_image_too_small_to_reflect_is_refused_with_all_sizes()
    {
        var image = new ImageBuffer(1, 7, 20);
        Assert.That(
            () => ImageFilter.GaussianBlur(image, 15, 2),
            Throws.ArgumentException.With.Message.Contains("7 x 20").And.Message.Contains("15 x 15").And.Message.Contains("8 x 8"));
        Assert.That(ImageFilter.GaussianBlur(image, 13, 2).Height, Is.EqualTo(7));
    }

    [Test]
    public void Threads_do_not_change_a_bit()
    {
        ImageBuffer image = Pictures.Noise(3, 101, 67);
        FilterKernel[] kernels = [FilterKernel.Gaussian(15, 2), FilterKernel.Sinc(21, 1.2), FilterKernel.Motion(25, 40), RandomKernel(4, 6)];
        foreach (FilterKernel kernel in kernels)
        {
            float[] one = ImageFilter.Correlate(image, kernel).Array;
            Assert.That(ImageFilter.Correlate(image, kernel, parallelism: new Parallelism(2)).Array, Is.EqualTo(one));
            Assert.That(ImageFilter.Correlate(image, kernel, parallelism: new Parallelism(3)).Array, Is.EqualTo(one));
        }
    }

    [Test]
    public void A_destination_receives_the_same_bits_and_must_suit()
    {
        ImageBuffer image = Pictures.Noise(3, 20, 21);
        FilterKernel kernel = FilterKernel.Disk(2);
        var destination = new ImageBuffer(3, 20, 21);
        ImageFilter.Correlate(image, kernel, destination);
        Assert.That(destination.Array, Is.EqualTo(ImageFilter.Correlate(image, kernel).Array));
        Assert.That(() => ImageFilter.Correlate(image, kernel, image), Throws.ArgumentException.With.Message.Contains("memory of its own"));
        Assert.That(() => ImageFilter.Correlate(image, kernel, new ImageBuffer(1, 20, 21)), Throws.ArgumentException.With.Message.Contains("1 x 20 x 21"));
    }

    [Test]
    public void The_input_is_left_alone()
    {
        ImageBuffer image = Pictures.Noise(1, 30, 30);
        float[] before = [.. image.Array];
        ImageFilter.GaussianBlur(image, 5, 1);
        ImageFilter.Correlate(image, FilterKernel.Sinc(7, 1));
        Assert.That(image.Array, Is.EqualTo(before));
    }

    internal static FilterKernel RandomKernel(int height, int width)
    {
        ImageBuffer noise = Pictures.Noise(1, height, width, seed: (ulong)((height * 100) + width));
        return FilterKernel.FromWeights(System.Array.ConvertAll(noise.Array, v => v - 0.4), height, width);
    }

    internal static double[] Naive(ImageBuffer image, FilterKernel kernel, PadMode border)
    {
        double[] result = new double[image.Samples.Length];
        (int top, int left) = (kernel.Height / 2, kernel.Width / 2);
        for (int i = 0; i < result.Length; i++)
        {
            (int c, int y, int x) = (i / image.PlaneLength, i / image.Width % image.Height, i % image.Width);
            for (int ky = 0; ky < kernel.Height; ky++)
            {
                for (int kx = 0; kx < kernel.Width; kx++)
                {
                    (int sy, double fy) = Sample(y + ky - top, image.Height, top, kernel.Height - 1 - top, border);
                    (int sx, double fx) = Sample(x + kx - left, image.Width, left, kernel.Width - 1 - left, border);
                    result[i] += kernel.Weights[(ky * kernel.Width) + kx] * image[c, sy, sx] * fy * fx;
                }
            }
        }

        return result;
    }

    // Written apart from the library's own, step by step.
    private static (int Index, double Factor) Sample(int i, int n, int before, int after, PadMode border)
    {
        if (i >= 0 && i < n)
            return (i, 1);
        switch (border)
        {
            case PadMode.Zero:
                return (0, 0);
            case PadMode.Replicate:
                return (Math.Clamp(i, 0, n - 1), 1);
            case PadMode.LinearRamp:
                return i < 0 ? (0, (before + i) / (double)before) : (n - 1, (after - (i - n + 1)) / (double)after);
            default:
                int edge = border == PadMode.Reflect101 ? 0 : 1;
                while (i < 0 || i >= n)
                    i = i < 0 ? -i - edge : (2 * n) - 2 + edge - i;
                return (i, 1);
        }
    }

    private static void CheckGolden(SafeTensors filtered, SafeTensors inputs, string name)
    {
        string[] parts = name.Split('.');
        string kernelName = string.Join('.', parts[2..^1]);
        int[] shape = Kernels.Shape(kernelName);
        FilterKernel kernel = FilterKernel.FromWeights(Kernels.Doubles(kernelName), shape[0], shape[1]);
        ImageBuffer actual = ImageFilter.Correlate(Images.FromGolden(inputs, parts[1]), kernel);
        if (name.EndsWith(".f32", StringComparison.Ordinal))
        {
            Assert.That(Images.MaxDifference(Images.Interleave(actual), filtered.Doubles(name)), Is.LessThanOrEqualTo(Float32), name);
            return;
        }

        // Ties between two levels fall either way: one level on at most 0.02 % of the samples (manifest: filter).
        byte[] expected = filtered.Bytes(name);
        (int count, int max) = Images.LevelDifferences(Images.ToLevels(actual), expected);
        Assert.That(max, Is.LessThanOrEqualTo(1), name);
        Assert.That(count, Is.LessThanOrEqualTo(Math.Ceiling(expected.Length * 0.0002)), name);
    }
}
