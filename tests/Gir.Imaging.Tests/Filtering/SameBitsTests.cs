using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gir.Imaging.Filtering;

namespace Gir.Imaging.Tests.Filtering;

/// <summary>
/// Results written down once: the suite runs with wide vectors, without AVX-512 and without any, and every run must give these bits.
/// Weights are exact fractions, since the platform's exponential may differ in the last bit.
/// </summary>
public class SameBitsTests
{
    private static readonly ImageBuffer Image = Pictures.Noise(3, 75, 83, seed: 99);

    [Test]
    public void Correlation_with_all_weights() => Check(ImageFilter.Correlate(Image, Ramp(9, 7)), "4DAD72539E6C36D2");

    [Test]
    public void Correlation_that_skips_zeros() => Check(ImageFilter.Correlate(Image, Diagonal(9)), "021FF31CD1374A22");

    [Test]
    public void Separable_correlation() => Check(ImageFilter.CorrelateSeparable(Image, [0.25, 0.5, 0.125, 0.0625, 0.0625], [0.1, 0.2, 0.3, 0.4]), "0F12E47B9167921E");

    [Test]
    public void Mean_over_a_large_box() => Check(ImageFilter.BoxMean(Image, 20), "47A8B343D805FAF1");

    [Test]
    public void Medians() => Check(ImageFilter.Median(ImageFilter.Median(Image, 3), 5), "4B9D13B7E3C34BC9");

    [Test]
    public void Guided_filter() => Check(GuidedFilter.Apply(Image, Image, 5, 1e-3), "11330A1F529C0DFC");

    [Test]
    public void Deconvolution() => Check(RichardsonLucy.Deconvolve(Image, Ramp(5, 5), new RichardsonLucyOptions(4) { Border = PadMode.Symmetric }), "7FDC11D9772196E5");

    private static FilterKernel Ramp(int height, int width)
    {
        double[] weights = [.. Enumerable.Range(0, height * width).Select(i => ((i * 7 % 11) + 1) / 1024.0)];
        return FilterKernel.FromWeights(weights, height, width);
    }

    private static FilterKernel Diagonal(int size)
    {
        var weights = new double[size * size];
        for (int i = 0; i < size; i++)
            weights[(i * size) + i] = (i + 1) / 64.0;
        return FilterKernel.FromWeights(weights, size, size);
    }

    private static void Check(ImageBuffer image, string expected) =>
        Assert.That(Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(image.Samples)).AsSpan(0, 8)), Is.EqualTo(expected));
}
