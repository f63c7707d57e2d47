using Gir.Imaging.Resampling;

namespace Gir.Imaging.Tests.Resampling;

/// <summary>Every resize golden, on the synthetic crops and, where present, on photographs.</summary>
[TestFixture(false)]
[TestFixture(true, Category = TestData.RealData)]
public sealed class ResamplerGoldenTests(bool photographs)
{
    // float32 summation order only.
    private const double SingleTolerance = 2e-6;

    // OpenCV builds its eight Lanczos weights with float32 sines.
    private const double CvLanczosTolerance = 1e-5;

    // On 0..255: Pillow sums mode "F" in float64.
    private const double PillowTolerance = 1e-4;

    // Values whose float32 and float64 sums lie on two sides of a rounding tie.
    private const double TieShare = 0.0002;

    private SafeTensors _inputs = null!;

    [OneTimeSetUp]
    public void LoadInputs() => _inputs = Load("inputs.safetensors");

    [Test]
    public void Torch_bicubic_down_and_up_equals_its_golden()
    {
        SafeTensors golden = Load("resize_torch.safetensors");
        foreach (string name in golden.Names)
        {
            string[] parts = name.Split('.');
            ImageBuffer image = Input(parts[1]);
            ImageBuffer result = parts[2] switch
            {
                "down" => Resampler.Scale(image, 0.25, ResamplingKernel.Bicubic, ResamplingConvention.Torch),
                "up" or "roundtrip" => Back(Resampler.Scale(image, 0.25, ResamplingKernel.Bicubic, ResamplingConvention.Torch), image),
                "downBySize" => Torch(image, image.Height / 4, image.Width / 4),
                "upBySize" => Back(Torch(image, image.Height / 4, image.Width / 4), image),
                _ => throw new InvalidOperationException($"Unknown golden {name}."),
            };
            AssertEqual(result, golden, name, SingleTolerance, 1, TieShare, planar: true);
        }

        static ImageBuffer Torch(ImageBuffer image, int height, int width) =>
            Resampler.Resize(image, height, width, ResamplingKernel.Bicubic, ResamplingConvention.Torch);

        static ImageBuffer Back(ImageBuffer down, ImageBuffer image) => Torch(down, image.Height, image.Width);
    }

    [Test]
    public void OpenCv_resize_equals_its_golden()
    {
        SafeTensors golden = Load("resize_cv2.safetensors");
        foreach (string name in golden.Names)
        {
            string[] parts = name.Split('.');
            (int width, int height) = Size(parts[3]);
            (ResamplingKernel kernel, double tolerance) = parts[1] switch
            {
                "cubic" => (ResamplingKernel.Bicubic, SingleTolerance),
                "linear" => (ResamplingKernel.Bilinear, SingleTolerance),
                "nearest" => (ResamplingKernel.Nearest, 0),
                "area" => (ResamplingKernel.Area, SingleTolerance),
                "lanczos4" => (ResamplingKernel.Lanczos, CvLanczosTolerance),
                _ => throw new InvalidOperationException($"Unknown golden {name}."),
            };
            // OpenCV's 8-bit paths have weights of 11 bits: one level against float arithmetic.
            ImageBuffer result = Resampler.Resize(Input(parts[2]), height, width, kernel);
            AssertEqual(result, golden, name, tolerance, parts[1] == "nearest" ? 0 : 1, 1);
        }
    }

    [Test]
    public void Matlab_imresize_equals_its_golden()
    {
        SafeTensors golden = Load("resize_matlab.safetensors");
        foreach (string name in golden.Names)
        {
            string[] parts = name.Split('.');
            double scale = parts[2] switch { "1of2" => 0.5, "1of3" => 1.0 / 3, "1of4" => 0.25, "x2" => 2, "x3" => 3, _ => 4 };
            ResamplingConvention convention = parts switch
            {
                ["imresize", ..] => ResamplingConvention.Matlab,
                [.., "replicate", "u8"] => ResamplingConvention.MatlabUint8,
                _ => ResamplingConvention.MatlabUint8Symmetric,
            };
            ImageBuffer result = Resampler.Scale(Input(parts[1]), scale, ResamplingKernel.Bicubic, convention);
            AssertEqual(result, golden, name, SingleTolerance, 1, convention == ResamplingConvention.Matlab ? TieShare : 0.0001);
        }
    }

    [Test]
    public void Pillow_resize_equals_its_golden()
    {
        SafeTensors golden = Load("resize_pillow.safetensors");
        foreach (string name in golden.Names)
        {
            string[] parts = name.Split('.');
            (int width, int height) = Size(parts[3]);
            ResamplingKernel kernel = Enum.Parse<ResamplingKernel>(parts[1], ignoreCase: true);
            ImageBuffer image = Input(parts[2]);
            if (parts[4] == "u8")
            {
                AssertEqual(Resampler.Resize(image, height, width, kernel, ResamplingConvention.Pillow), golden, name, 0, 0, 0);
                continue;
            }

            Span<float> samples = image.Samples;
            for (int i = 0; i < samples.Length; i++)
                samples[i] = MathF.Round(samples[i] * 255f);
            AssertEqual(Resampler.Resize(image, height, width, kernel, ResamplingConvention.PillowFloat), golden, name, PillowTolerance, 0, 0);
        }
    }

    private static (int Width, int Height) Size(string text)
    {
        string[] parts = text.Split('x');
        return (int.Parse(parts[0], null), int.Parse(parts[1], null));
    }

    private static void AssertEqual(ImageBuffer actual, SafeTensors golden, string name, double tolerance, int levels, double share, bool planar = false)
    {
        int[] shape = golden.Shape(name);
        // Torch's float tensors are C x H x W, all others H x W x C (or H x W).
        planar &= golden.Type(name) == "F32";
        Assert.That(new[] { actual.Height, actual.Width }, Is.EqualTo(planar ? shape[1..] : shape[..2]), name);
        if (golden.Type(name) == "U8")
        {
            byte[] expected = golden.Bytes(name);
            (int count, int max) = Images.LevelDifferences(Images.ToLevels(actual), expected);
            Assert.That(max, Is.LessThanOrEqualTo(levels), name);
            Assert.That(count, Is.LessThanOrEqualTo(share * expected.Length), name);
            return;
        }

        float[] samples = planar ? actual.Array : Images.Interleave(actual);
        Assert.That(Images.MaxDifference(samples, golden.Doubles(name)), Is.LessThanOrEqualTo(tolerance), name);
    }

    private ImageBuffer Input(string name) => Images.FromGolden(_inputs, name);

    private SafeTensors Load(string file) => SafeTensors.Load(
        photographs ? TestData.Shared("golden", "photos", "degradations", file) : TestData.Golden("degradations", file));
}
