using Gir.Degradations.Kernels;
using Gir.Degradations.Rain;
using Gir.Imaging;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Tests.Rain;

[TestFixture]
public sealed class RainStreaksTests
{
    private const string Uniform = "rain.uniform.f64";
    private static readonly SafeTensors s_golden = SafeTensors.Load(Goldens.Synthetic("rain.safetensors"));

    public static IEnumerable<TestCaseData> Stages()
    {
        yield return new TestCaseData("rain.s75.L20.a0.w3", 75, 20, 0, 3);
        yield return new TestCaseData("rain.s100.L30.a-37.w7", 100, 30, -37, 7);
        yield return new TestCaseData("rain.s50.L26.a21.w11", 50, 26, 21, 11);
    }

    [TestCaseSource(nameof(Stages))]
    public void Every_stage_equals_the_reference_generator(string name, int strength, int length, int angle, int blur) =>
        CheckStages(s_golden, name, strength, length, angle, blur);

    [Test]
    [Category(TestData.RealData)]
    public void Every_stage_equals_the_reference_generator_on_photographs()
    {
        SafeTensors golden = SafeTensors.Load(Goldens.Photographs("rain.safetensors"));
        foreach (object?[] stage in Stages().Select(s => s.Arguments))
        {
            CheckStages(golden, (string)stage[0]!, (int)stage[1]!, (int)stage[2]!, (int)stage[3]!, (int)stage[4]!);
            CheckAdded(golden, (string)stage[0]!);
        }
    }

    [TestCaseSource(nameof(Stages))]
    public void Adding_the_layer_gives_the_levels_of_8_bit_arithmetic(string name, int strength, int length, int angle, int blur)
    {
        _ = (strength, length, angle, blur);
        CheckAdded(s_golden, name);
    }

    private static void CheckStages(SafeTensors golden, string name, int strength, int length, int angle, int blur)
    {
        int[] shape = golden.Shape(Uniform);
        (int height, int width) = (shape[0], shape[1]);
        double[] noise = golden.Doubles(Uniform);

        var bright = new SparseRow[height];
        for (int y = 0; y < height; y++)
            bright[y] = RainStreaks.Keep(noise.AsSpan(y * width, width), RainStreaks.Threshold(strength));
        Assert.That(Dense(bright, width), Is.EqualTo(golden.Doubles(name + ".thresholded.f64")));

        var scratch = new double[width];
        var drops = new SparseRow[height];
        for (int y = 0; y < height; y++)
            drops[y] = RainStreaks.Sharpen(bright, y, scratch);
        Assert.That(Worst(Dense(drops, width), golden.Doubles(name + ".filtered3x3.f64")), Is.LessThan(1e-9));

        double[] kernel = MotionKernel.Create(blur, length, angle);
        Assert.That(Worst(kernel, golden.Doubles(name + ".kernel.f64")), Is.LessThan(1e-12));

        var streaks = new double[height * width];
        (double minimum, double maximum) = RainStreaks.Drag(drops, height, width, kernel, length, streaks, new DegradationContext(0));
        Assert.That(Worst(streaks, golden.Doubles(name + ".streaks.f64")), Is.LessThan(1e-7));

        var layer = new float[streaks.Length];
        StretchToLevels.Invoke(streaks, minimum, maximum - minimum, layer);
        byte[] expected = golden.Bytes(name + ".layer.u8");
        double[] normalized = golden.Doubles(name + ".normalised.f64");
        for (int i = 0; i < layer.Length; i++)
        {
            // Truncation may flip where the value is an integer up to rounding.
            bool near = Math.Abs(normalized[i] - Math.Round(normalized[i])) < 1e-6;
            Assert.That(layer[i] * 255f, Is.EqualTo((float)expected[i]).Within(near ? 1.001f : 1e-4f), $"sample {i}");
        }
    }

    private static void CheckAdded(SafeTensors golden, string name)
    {
        ImageBuffer image = Images.FromGolden(golden, "rain.base.u8");
        float[] layer = System.Array.ConvertAll(golden.Bytes(name + ".layer.u8"), v => v / 255f);
        var result = new ImageBuffer(3, image.Height, image.Width);
        for (int c = 0; c < 3; c++)
            RowMap.Invoke(image.Plane(c), layer, result.Plane(c), new SaturatingAdd(1f));
        Assert.That(Images.ToLevels(result), Is.EqualTo(golden.Bytes(name + ".added.u8")));
    }

    [Test]
    public void Screening_the_layer_equals_the_reference()
    {
        const string Name = "rain.s100.L30.a-37.w7";
        ImageBuffer image = Images.FromGolden(s_golden, "rain.base.u8");
        float[] layer = System.Array.ConvertAll(s_golden.Bytes(Name + ".layer.u8"), v => v / 255f);
        var result = new ImageBuffer(3, image.Height, image.Width);
        for (int c = 0; c < 3; c++)
            RowMap.Invoke(image.Plane(c), layer, result.Plane(c), default(Screen));
        double[] expected = System.Array.ConvertAll(s_golden.Doubles(Name + ".screen.f64"), v => v / 255);
        Assert.That(Images.MaxDifference(Images.Interleave(result), expected), Is.LessThan(2e-7), "float32 rounding of values up to 1");
    }

    [Test]
    public void The_sparse_filters_equal_dense_ones_on_images_smaller_than_the_kernel([Values(1, 2, 3, 7)] int height, [Values(1, 2, 5)] int width)
    {
        const int Size = 9;
        double[] kernel = [.. Enumerable.Range(0, Size * Size).Select(i => (i * 37 % 11) / 7.0)];
        var image = new double[height * width];
        for (int i = 0; i < image.Length; i++)
            image[i] = i % 3 == 1 || image.Length == 1 ? 200 + i : 0;

        var bright = new SparseRow[height];
        for (int y = 0; y < height; y++)
            bright[y] = RainStreaks.Keep(image.AsSpan(y * width, width), 1);
        var scratch = new double[width];
        var drops = new SparseRow[height];
        for (int y = 0; y < height; y++)
            drops[y] = RainStreaks.Sharpen(bright, y, scratch);
        double[] sharpened = Correlate(image, height, width, [0, .1, 0, .1, 8, .1, 0, .1, 0], 3);
        Assert.That(Worst(Dense(drops, width), sharpened), Is.LessThan(1e-10));

        var streaks = new double[image.Length];
        RainStreaks.Drag(drops, height, width, kernel, Size, streaks, new DegradationContext(0));
        Assert.That(Worst(streaks, Correlate(sharpened, height, width, kernel, Size)), Is.LessThan(1e-9));
    }

    private static double[] Correlate(double[] image, int height, int width, double[] kernel, int size)
    {
        var result = new double[image.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int i = 0; i < size; i++)
                {
                    for (int j = 0; j < size; j++)
                    {
                        int v = Bounce(y + i - (size / 2), height);
                        int u = Bounce(x + j - (size / 2), width);
                        result[(y * width) + x] += kernel[(i * size) + j] * image[(v * width) + u];
                    }
                }
            }
        }

        return result;

        // Walks step by step, so as not to share arithmetic with what it checks.
        static int Bounce(int position, int length)
        {
            while (length > 1 && (position < 0 || position >= length))
                position = position < 0 ? -position : (2 * (length - 1)) - position;
            return length == 1 ? 0 : position;
        }
    }

    private static double[] Dense(SparseRow[] rows, int width)
    {
        var dense = new double[rows.Length * width];
        for (int y = 0; y < rows.Length; y++)
        {
            for (int i = 0; i < rows[y].Columns.Length; i++)
                dense[(y * width) + rows[y].Columns[i]] = rows[y].Values[i];
        }

        return dense;
    }

    private static double Worst(double[] actual, double[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        return actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max();
    }
}
