using Gir.Degradations.Resize;
using Gir.Imaging;
using Gir.Imaging.Resampling;

namespace Gir.Degradations.Tests.Resize;

public sealed class ResizeDegradationTests
{
    // Float32 summation order; torch's own float32 differs from float64 by 7.5e-7.
    private const double FloatTolerance = 2e-6;

    // The golden is torch's; OpenCV itself differs from it by 2.38e-6 where the step is a ratio of sizes.
    private const double BetweenLibraries = 3e-6;

    [TestCase("scene03")]
    [TestCase("scene08")]
    [TestCase("scene19")]
    [TestCase("scene23")]
    [TestCase("scene05odd")]
    [TestCase("gray")]
    public void The_representative_operator_is_torch_bicubic(string crop)
    {
        SafeTensors golden = SafeTensors.Load(Goldens.Synthetic("resize_torch.safetensors"));
        Goldens.AssertSameLevels(Goldens.Degrade(Goldens.Synthetic, crop, new ResizeDegradation()), golden.Bytes($"torchBicubic.{crop}.roundtrip.u8"));
    }

    [TestCase("scene05odd", "up", ResamplingConvention.Torch, FloatTolerance)]
    [TestCase("scene05odd", "upBySize", ResamplingConvention.OpenCv, BetweenLibraries)]
    [TestCase("gray", "up", ResamplingConvention.Torch, FloatTolerance)]
    public void Steps_are_the_scale_or_the_ratio_of_sizes_by_convention(string crop, string tensor, ResamplingConvention convention, double tolerance)
    {
        SafeTensors golden = SafeTensors.Load(Goldens.Synthetic("resize_torch.safetensors"));
        ImageBuffer actual = Goldens.Degrade(Goldens.Synthetic, crop, new ResizeDegradation { Convention = convention });
        // The golden is planar, C x H x W.
        Assert.That(Images.MaxDifference(actual.Samples, golden.Doubles($"torchBicubic.{crop}.{tensor}.f32")), Is.LessThanOrEqualTo(tolerance));
    }

    [Test]
    [Category(TestData.RealData)]
    public void The_representative_operator_is_torch_bicubic_on_photographs()
    {
        SafeTensors golden = SafeTensors.Load(Goldens.Photographs("resize_torch.safetensors"));
        string[] names = [.. golden.Names.Where(n => n.EndsWith(".roundtrip.u8", StringComparison.Ordinal))];
        Assert.That(names, Is.Not.Empty);
        foreach (string name in names)
            Goldens.AssertSameLevels(Goldens.Degrade(Goldens.Photographs, name.Split('.')[1], new ResizeDegradation()), golden.Bytes(name));
    }

    [Test]
    public void A_kernel_that_the_convention_lacks_is_refused_when_the_pipeline_is_built() =>
        Assert.That(
            () => DegradationPipeline.Parse("blur + resize(down=hamming)"),
            Throws.TypeOf<DegradationException>().With.Message.Contains("operator 2 (resize)").And.Message.Contains("hamming").And.Message.Contains("bicubic"));

    [TestCase("resize(scale=2, down=area, up=nearest, convention=opencv)")]
    [TestCase("resize(scale=3, down=box, up=lanczos, convention=matlab)")]
    [TestCase("resize(scale=2.5, down=lanczos, up=hamming, convention=pillow-float)")]
    [TestCase("resize(convention=matlab-uint8)")]
    public void Other_kernels_and_conventions_keep_the_size_and_flat_images(string expression)
    {
        ImageBuffer result = DegradationPipeline.Parse(expression).Degrade(Patches.Flat(3, 37, 50, 0.4f), 1);
        Assert.That(result.ToString(), Is.EqualTo("3 x 37 x 50"));
        Assert.That(result.Array, Is.All.EqualTo(102 / 255f));
    }

    [Test]
    public void Too_small_an_image_is_refused() =>
        Assert.That(
            () => new ResizeDegradation().Apply(Patches.Flat(1, 3, 10, 0), new DegradationContext(1)),
            Throws.TypeOf<DegradationException>().With.Message.Contains("3 x 10"));
}
