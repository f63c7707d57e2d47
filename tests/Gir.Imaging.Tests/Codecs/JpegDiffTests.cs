using Gir.Imaging.Codecs;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Tests.Codecs;

public class JpegDiffTests
{
    // Float32 summation order decides which way a coefficient on the border between two steps is rounded: such a block differs as a whole.
    private const double TiedBlocks = 0.005;
    private const double FloatTolerance = 2e-5;
    private const double MinimumPsnr = 55;

    [Test]
    public void Agrees_with_BasicSR_but_for_ties() =>
        CompareAll(TestData.Golden("degradations", "diffjpeg.safetensors"), TestData.Golden("degradations", "inputs.safetensors"));

    [Test]
    [Category(TestData.RealData)]
    public void Agrees_with_BasicSR_but_for_ties_on_photographs() =>
        CompareAll(
            TestData.Shared("golden", "photos", "degradations", "diffjpeg.safetensors"),
            TestData.Shared("golden", "photos", "degradations", "inputs.safetensors"));

    [Test]
    public void Does_not_depend_on_the_number_of_threads([Values(1, 3)] int channels)
    {
        ImageBuffer image = JpegRoundTripTests.Noise(channels, 77, 45);
        Assert.That(DiffJpeg.Apply(image, 33.5, new Parallelism(4)).Array, Is.EqualTo(DiffJpeg.Apply(image, 33.5).Array));
    }

    [Test]
    public void Gray_equals_the_luma_of_a_gray_RGB_image()
    {
        ImageBuffer gray = JpegRoundTripTests.Noise(1, 32, 48);
        var rgb = new ImageBuffer(3, 32, 48);
        for (int c = 0; c < 3; c++)
            gray.Plane(0).CopyTo(rgb.Plane(c));
        double[] expected = Array.ConvertAll(DiffJpeg.Apply(gray, 60).Array, v => (double)v);
        // Chroma of a gray image is rounding noise, and quantizes to 0.
        Assert.That(Images.MaxDifference(DiffJpeg.Apply(rgb, 60).Plane(1), expected), Is.LessThan(1e-5));
    }

    [TestCase(0)]
    [TestCase(100)]
    [TestCase(double.NaN)]
    public void Refuses_a_quality_outside_its_range(double quality) =>
        Assert.That(() => DiffJpeg.Apply(new ImageBuffer(3, 8, 8), quality), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Block_kernel_equals_its_scalar_twin()
    {
        for (int stride = 8; stride <= 24; stride += 8)
        {
            float[] actual = Array.ConvertAll(JpegRoundTripTests.Noise(1, 8, stride).Array, v => (v * 255f) - 128f);
            float[] expected = [.. actual];
            float[] steps = [.. Enumerable.Range(1, 64).Select(i => i * 0.7f)];
            JpegFloatBlock.Code(actual, stride, steps);
            JpegFloatBlock.Scalar(expected, stride, steps);
            Assert.That(actual, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Color_kernels_equal_their_scalar_twins()
    {
        for (int length = 1; length <= 256; length++)
        {
            float[][] source = [.. Enumerable.Range(0, 3).Select(c => JpegRoundTripTests.Noise(1, 1, length, (ulong)c * 1000).Array)];
            float[][] actual = [new float[length], new float[length], new float[length]];
            float[][] expected = [new float[length], new float[length], new float[length]];
            JpegFloatColor.Forward(source[0], source[1], source[2], actual[0], actual[1], actual[2]);
            JpegFloatColor.ForwardScalar(source[0], source[1], source[2], expected[0], expected[1], expected[2]);
            Assert.That(actual, Is.EqualTo(expected));
            JpegFloatColor.Inverse(expected[0], expected[1], expected[2], actual[0], actual[1], actual[2]);
            JpegFloatColor.InverseScalar(expected[0], expected[1], expected[2], source[0], source[1], source[2]);
            Assert.That(actual, Is.EqualTo(source));
        }
    }

    private static void CompareAll(string goldenPath, string inputPath)
    {
        SafeTensors golden = SafeTensors.Load(goldenPath);
        SafeTensors inputs = SafeTensors.Load(inputPath);
        foreach (string name in golden.Names)
        {
            string[] parts = name.Split('.');
            ImageBuffer actual = DiffJpeg.Apply(Images.FromGolden(inputs, parts[1]), int.Parse(parts[2][1..]));
            bool floats = golden.Type(name) == "F32";
            double[] expected = golden.Numbers(name);
            double[] values = floats ? Array.ConvertAll(Images.Interleave(actual), v => (double)v) : Array.ConvertAll(Images.ToLevels(actual), v => (double)v);
            Assert.That(values, Has.Length.EqualTo(expected.Length), name);

            double tolerance = floats ? FloatTolerance : 1;
            int different = 0;
            double squares = 0;
            var blocks = new HashSet<(int, int)>();
            for (int i = 0; i < values.Length; i++)
            {
                double difference = Math.Abs(values[i] - expected[i]);
                squares += difference * difference;
                if (difference <= tolerance)
                    continue;
                different++;
                blocks.Add((i / 3 / actual.Width / 8, i / 3 % actual.Width / 8));
            }

            double peak = floats ? 1 : 255;
            double psnr = 10 * Math.Log10(peak * peak / (squares / values.Length));
            int allBlocks = (actual.Height + 7) / 8 * ((actual.Width + 7) / 8);
            Assert.That(different, Is.LessThanOrEqualTo(TiedBlocks * values.Length), name);
            Assert.That(blocks, Has.Count.LessThanOrEqualTo(Math.Ceiling(TiedBlocks * allBlocks)), name);
            Assert.That(psnr, Is.GreaterThanOrEqualTo(MinimumPsnr), name);
        }
    }
}
