using Gir.Imaging.Filtering;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Filtering;

public sealed unsafe class FoldedCorrelationTests
{
    [TestCase(5, 5)]
    [TestCase(15, 15)]
    [TestCase(23, 23)]
    [TestCase(3, 9)]
    [TestCase(8, 7)]
    public void Kernels_that_read_the_same_backwards_give_the_plain_sums(int kernelHeight, int kernelWidth)
    {
        FilterKernel kernel = Mirrored(kernelHeight, kernelWidth);
        Assert.That(new PreparedKernel<float>(kernel).Folded, Is.Not.Null);
        ImageBuffer image = Random(2, 37, 75);
        // A ramp is as long as the kernel's reach, so the wider kernel below would see another one.
        foreach (PadMode border in Enum.GetValues<PadMode>().Where(b => b != PadMode.LinearRamp))
        {
            ImageBuffer actual = ImageFilter.Correlate(image, kernel, border);
            // One more column on the left, of zeros, keeps a kernel from being folded.
            ImageBuffer plain = ImageFilter.Correlate(image, Unfolded(kernel), border);
            double worst = 0;
            for (int i = 0; i < actual.Samples.Length; i++)
                worst = Math.Max(worst, Math.Abs(actual.Samples[i] - plain.Samples[i]));
            // Float32 sums of some hundred products of about 1 / 100 in another order.
            Assert.That(worst, Is.LessThanOrEqualTo(2e-6), $"{border}");
            Assert.That(ImageFilter.Correlate(image, kernel, border, new Parallelism(3)).Array, Is.EqualTo(actual.Array));
        }
    }

    [Test]
    public void Kernels_that_do_not_are_not_folded()
    {
        Assert.That(new PreparedKernel<float>(FilterKernel.AnisotropicGaussian(9, 2, 1, 0.3)).Folded, Is.Null);
        Assert.That(new PreparedKernel<float>(FilterKernel.Sinc(9, 1.2)).Folded, Has.Length.EqualTo(9 * 5));
    }

    [Test]
    public void Wide_images_are_filtered_plainly()
    {
        var kernel = new PreparedKernel<float>(FilterKernel.Sinc(15, 1.2));
        Assert.That(FoldedCorrelation<float, StoreSink<float>>.Fits(kernel, 1024), Is.True);
        Assert.That(FoldedCorrelation<float, StoreSink<float>>.Fits(kernel, 4096), Is.False);
    }

    [Test]
    public void Prepared_rows_give_the_bits_of_the_scalar_twin_for_every_length()
    {
        const int Taps = 4;
        const int Height = 5;
        float[] weights = Random(1, Height, Taps).Array;
        float** rows = stackalloc float*[Height + 3];
        for (int length = 0; length <= 256; length++)
        {
            int step = length + 3;
            float[] source = Random(1, Height + 3, Math.Max(1, Taps * step)).Array;
            (float[] expected, float[] actual) = (new float[4 * (length + 1)], new float[4 * (length + 1)]);
            fixed (float* s = source, w = weights, e = expected, a = actual)
            {
                for (int i = 0; i < Height + 3; i++)
                    rows[i] = s + (i * (nint)Taps * step);
                for (int r = 0; r < 4; r++)
                    CorrelateRows.OneScalar(rows + r, w, null, Height, Taps, e + (r * (nint)(length + 1)), length, step);
                CorrelateRows.Four(rows, w, Height, Taps, a, length + 1, length, step);
                Assert.That(actual, Is.EqualTo(expected), $"four rows of {length}");
                CorrelateRows.One(rows, w, null, Height, Taps, a, length, step);
                Assert.That(actual, Is.EqualTo(expected), $"one row of {length}");
            }
        }
    }

    private static FilterKernel Mirrored(int height, int width)
    {
        double[] weights = System.Array.ConvertAll(Random(1, height, width).Array, v => v / (double)(height * width));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width / 2; x++)
                weights[(y * width) + width - 1 - x] = weights[(y * width) + x];
        }

        return FilterKernel.FromWeights(weights, height, width);
    }

    private static FilterKernel Unfolded(FilterKernel kernel)
    {
        var weights = new double[kernel.Height * (kernel.Width + 1)];
        for (int y = 0; y < kernel.Height; y++)
            kernel.Weights.Slice(y * kernel.Width, kernel.Width).CopyTo(weights.AsSpan((y * (kernel.Width + 1)) + 1));
        return FilterKernel.FromWeights(weights, kernel.Height, kernel.Width + 1);
    }

    private static ImageBuffer Random(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        Philox4x32.FillUniform(image.Samples, 5);
        return image;
    }
}
