using Gir.Imaging.Random;
using Gir.Imaging.Resampling;

namespace Gir.Imaging.Tests.Resampling;

public sealed class ResamplerTests
{
    private static readonly (ResamplingKernel Kernel, ResamplingConvention Convention)[] Pairs =
    [
        .. from kernel in Enum.GetValues<ResamplingKernel>()
           from convention in Enum.GetValues<ResamplingConvention>()
           where Resampler.IsSupported(kernel, convention)
           select (kernel, convention),
    ];

    private static IEnumerable<TestCaseData> Supported => Pairs.Select(p => new TestCaseData(p.Kernel, p.Convention));

    [TestCaseSource(nameof(Supported))]
    public void A_constant_image_stays_constant(ResamplingKernel kernel, ResamplingConvention convention)
    {
        var image = new ImageBuffer(2, 9, 13);
        image.Samples.Fill(102 / 255f);
        foreach ((int height, int width) in ((int, int)[])[(9, 13), (3, 4), (1, 1), (20, 31), (4, 40), (40, 2)])
        {
            ImageBuffer result = Resampler.Resize(image, height, width, kernel, convention);
            Assert.That(result.Samples.ToArray(), Has.All.EqualTo(102 / 255f).Within(1e-6f), $"{height} x {width}");
        }
    }

    [TestCaseSource(nameof(Supported))]
    public void A_single_pixel_spreads_over_any_size(ResamplingKernel kernel, ResamplingConvention convention)
    {
        var image = new ImageBuffer(1, 1, 1, [0.2f]);
        Assert.That(Resampler.Resize(image, 1, 1, kernel, convention).Array, Has.All.EqualTo(0.2f).Within(1e-7f));
        Assert.That(Resampler.Resize(image, 5, 33, kernel, convention).Array, Has.All.EqualTo(0.2f).Within(1e-6f));
    }

    [TestCaseSource(nameof(Supported))]
    public void The_same_size_gives_the_same_image(ResamplingKernel kernel, ResamplingConvention convention)
    {
        ImageBuffer image = Noise(3, 7, 10);
        ImageBuffer result = Resampler.Resize(image, 7, 10, kernel, convention);
        Assert.That(result.Array, Is.EqualTo(image.Array));
    }

    [TestCaseSource(nameof(Supported))]
    public void Threads_and_destinations_do_not_change_a_bit(ResamplingKernel kernel, ResamplingConvention convention)
    {
        ImageBuffer image = Noise(3, 61, 97);
        foreach ((int height, int width) in ((int, int)[])[(15, 24), (150, 210), (90, 40), (20, 200)])
        {
            ImageBuffer expected = Resampler.Resize(image, height, width, kernel, convention);
            ImageBuffer threaded = Resampler.Resize(image, height, width, kernel, convention, new Parallelism(5));
            var destination = new ImageBuffer(3, height, width);
            destination.Samples.Fill(float.NaN);
            Resampler.Resize(image, destination, kernel, convention);
            Assert.That(threaded.Samples.SequenceEqual(expected.Samples), Is.True, $"{height} x {width}, threads");
            Assert.That(destination.Samples.SequenceEqual(expected.Samples), Is.True, $"{height} x {width}, destination");
        }
    }

    [TestCaseSource(nameof(Supported))]
    public void Rows_and_columns_are_treated_alike(ResamplingKernel kernel, ResamplingConvention convention)
    {
        // One axis changes, so the order of passes plays no part; the sums then differ by nothing.
        ImageBuffer image = Noise(1, 40, 23);
        ImageBuffer tall = Resampler.Resize(image, 17, 23, kernel, convention);
        ImageBuffer wide = Resampler.Resize(Transposed(image), 23, 17, kernel, convention);
        Assert.That(Transposed(wide).Array, Is.EqualTo(tall.Array));
    }

    [Test]
    public void A_quarter_with_torch_bicubic_has_the_taps_of_the_paper()
    {
        ImageBuffer image = Noise(1, 4, 4);
        float[] taps = [-0.09375f, 0.59375f, 0.59375f, -0.09375f];
        double expected = 0;
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 4; x++)
                expected += taps[y] * taps[x] * image[0, y, x];
        }

        ImageBuffer result = Resampler.Scale(image, 0.25, ResamplingKernel.Bicubic, ResamplingConvention.Torch);
        Assert.That(result.Array, Has.Length.EqualTo(1).And.All.EqualTo((float)expected).Within(1e-6f));
    }

    [Test]
    public void Torch_area_and_OpenCv_area_average_whole_blocks()
    {
        ImageBuffer image = Noise(1, 6, 9);
        foreach (ResamplingConvention convention in (ResamplingConvention[])[ResamplingConvention.Torch, ResamplingConvention.OpenCv])
        {
            ImageBuffer result = Resampler.Resize(image, 2, 3, ResamplingKernel.Area, convention);
            for (int y = 0; y < 2; y++)
            {
                for (int x = 0; x < 3; x++)
                {
                    double mean = 0;
                    for (int i = 0; i < 9; i++)
                        mean += image[0, (y * 3) + (i / 3), (x * 3) + (i % 3)] / 9.0;
                    Assert.That(result[0, y, x], Is.EqualTo(mean).Within(1e-6));
                }
            }
        }
    }

    [Test]
    public void Torch_area_windows_overlap_where_the_sizes_do_not_divide()
    {
        var image = new ImageBuffer(1, 1, 5, [1, 2, 4, 8, 16]);
        float[] result = Resampler.Resize(image, 1, 3, ResamplingKernel.Area, ResamplingConvention.Torch).Array;
        Assert.That(result, Is.EqualTo(new[] { 1.5f, 14f / 3, 12f }).Within(1e-6f));
    }

    [Test]
    public void A_kernel_larger_than_the_image_is_defined()
    {
        ImageBuffer image = Noise(1, 2, 3);
        foreach ((ResamplingKernel kernel, ResamplingConvention convention) in Pairs)
        {
            ImageBuffer result = Resampler.Resize(image, 5, 1, kernel, convention);
            Assert.That(result.Array, Has.All.InRange(-1f, 2f), $"{convention} {kernel}");
        }
    }

    [TestCase(ResamplingConvention.Torch, 61, 0.25, 15)]
    [TestCase(ResamplingConvention.Matlab, 61, 0.25, 16)]
    [TestCase(ResamplingConvention.OpenCv, 10, 0.25, 2)]
    [TestCase(ResamplingConvention.OpenCv, 14, 0.25, 4)]
    [TestCase(ResamplingConvention.Pillow, 61, 2, 122)]
    public void Sizes_by_scale_follow_the_convention(ResamplingConvention convention, int length, double scale, int expected) =>
        Assert.That(Resampler.OutputLength(length, scale, convention), Is.EqualTo(expected));

    [Test]
    public void Bad_arguments_say_what_was_expected()
    {
        var image = new ImageBuffer(1, 3, 3);
        Assert.That(() => Resampler.Resize(null!, 1, 1, ResamplingKernel.Bicubic), Throws.ArgumentNullException);
        Assert.That(
            () => Resampler.Resize(image, 0, 1, ResamplingKernel.Bicubic),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("height"));
        Assert.That(
            () => Resampler.Resize(image, 1, -4, ResamplingKernel.Bicubic),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("width"));
        Assert.That(
            () => Resampler.Resize(image, int.MaxValue, int.MaxValue, ResamplingKernel.Bicubic), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Resampler.Resize(image, 2, 2, ResamplingKernel.Hamming, ResamplingConvention.Torch),
            Throws.ArgumentException.With.Message.Contains("Nearest, Bilinear, Bicubic, Area"));
        Assert.That(() => Resampler.Resize(image, 2, 2, ResamplingKernel.Bicubic, (ResamplingConvention)99), Throws.ArgumentException);
        Assert.That(
            () => Resampler.Scale(image, 0.25, ResamplingKernel.Bicubic, ResamplingConvention.Torch),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("would become 0"));
        foreach (double scale in (double[])[0, -1, double.NaN, double.PositiveInfinity, 1e-9])
            Assert.That(() => Resampler.Scale(image, scale, ResamplingKernel.Bicubic), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Resampler.Resize(image, image, ResamplingKernel.Bicubic), Throws.ArgumentException);
        Assert.That(
            () => Resampler.Resize(image, new ImageBuffer(3, 2, 2), ResamplingKernel.Bicubic),
            Throws.ArgumentException.With.Message.Contains("as many"));
    }

    private static ImageBuffer Noise(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        Philox4x32.FillUniform(image.Samples, 23);
        // Levels of 8 bits, which every convention keeps.
        foreach (ref float sample in image.Samples)
            sample = MathF.Floor(sample * 255.99f) / 255f;
        return image;
    }

    private static ImageBuffer Transposed(ImageBuffer image)
    {
        var result = new ImageBuffer(image.Channels, image.Width, image.Height);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < image.Height; y++)
            {
                for (int x = 0; x < image.Width; x++)
                    result[c, x, y] = image[c, y, x];
            }
        }

        return result;
    }
}
