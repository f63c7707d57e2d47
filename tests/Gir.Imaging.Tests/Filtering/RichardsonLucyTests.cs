using Gir.Imaging.Filtering;

namespace Gir.Imaging.Tests.Filtering;

public class RichardsonLucyTests
{
    private static readonly SafeTensors Goldens = SafeTensors.Load(TestData.Golden("degradations", "richardson_lucy.safetensors"));
    private static readonly FilterKernel Box = FilterKernel.Box(5);

    /// <summary>Rounding of float64, amplified by the iterations (manifest: richardsonLucy).</summary>
    [TestCase("sharp", 1, 1e-10)]
    [TestCase("sharp", 5, 1e-9)]
    [TestCase("sharp", 30, 1e-8)]
    [TestCase("blurredNoisy", 1, 1e-10)]
    [TestCase("blurredNoisy", 5, 1e-9)]
    [TestCase("blurredNoisy", 30, 1e-8)]
    public void Double_precision_agrees_with_scikit_image(string input, int iterations, double tolerance)
    {
        double[] observed = input == "sharp"
            ? System.Array.ConvertAll(SafeTensors.Load(TestData.Golden("degradations", "inputs.safetensors")).Bytes("gray"), v => v / 255.0)
            : Goldens.Doubles("rl.gray.blurredNoisy.input.f64");
        double[] actual = Deconvolve(observed, Box, iterations);
        Assert.That(MaxDifference(actual, Goldens.Doubles($"rl.gray.{input}.it{iterations}.f64")), Is.LessThanOrEqualTo(tolerance));
    }

    [Test]
    public void An_asymmetric_point_spread_is_convolved_and_not_correlated()
    {
        FilterKernel pointSpread = FilterKernel.FromWeights(Goldens.Doubles("rl.asymmetricPsf.f64"), 5, 5);
        double[] actual = Deconvolve(Goldens.Doubles("rl.gray.blurredNoisy.input.f64"), pointSpread, 5);
        Assert.That(MaxDifference(actual, Goldens.Doubles("rl.gray.blurredNoisy.asymmetricPsf.it5.f64")), Is.LessThanOrEqualTo(1e-9));
    }

    /// <summary>Float32 arithmetic against float64 results stored as float32; 30 iterations amplify rounding (manifest: richardsonLucy).</summary>
    [TestCase(1, 1e-6)]
    [TestCase(5, 1e-6)]
    [TestCase(30, 2e-3)]
    public void Single_precision_agrees_with_scikit_image(int iterations, double tolerance) =>
        CheckSingle(Goldens, Pictures.Golden("scene05odd"), $"rl.scene05odd.it{iterations}.f32", iterations, tolerance);

    [TestCase(1, 1e-6)]
    [TestCase(5, 1e-6)]
    [TestCase(30, 2e-3)]
    [Category(TestData.RealData)]
    public void Single_precision_agrees_with_scikit_image_on_a_photograph(int iterations, double tolerance)
    {
        SafeTensors goldens = SafeTensors.Load(TestData.Shared("golden", "photos", "degradations", "richardson_lucy.safetensors"));
        SafeTensors inputs = SafeTensors.Load(TestData.Shared("golden", "photos", "degradations", "inputs.safetensors"));
        CheckSingle(goldens, Images.FromGolden(inputs, "kodim05odd"), $"rl.kodim05odd.it{iterations}.f32", iterations, tolerance);
    }

    private static void CheckSingle(SafeTensors goldens, ImageBuffer image, string name, int iterations, double tolerance)
    {
        ImageBuffer actual = RichardsonLucy.Deconvolve(image, Box, new RichardsonLucyOptions(iterations));
        Assert.That(Images.MaxDifference(Images.Interleave(actual), goldens.Doubles(name)), Is.LessThanOrEqualTo(tolerance));
    }

    [Test]
    public void Deconvolving_brings_a_blurred_image_nearer_to_the_sharp_one()
    {
        ImageBuffer sharp = Pictures.Golden("scene03");
        FilterKernel pointSpread = FilterKernel.Gaussian(13, 1.5);
        ImageBuffer blurred = ImageFilter.Correlate(sharp, pointSpread, PadMode.Symmetric);
        ImageBuffer restored = RichardsonLucy.Deconvolve(blurred, pointSpread, new RichardsonLucyOptions(30) { Border = PadMode.Symmetric });
        Assert.That(SquaredError(restored, sharp), Is.LessThan(0.5 * SquaredError(blurred, sharp)));
    }

    [Test]
    public void Threads_do_not_change_a_bit()
    {
        ImageBuffer image = Pictures.Golden("scene05odd");
        var options = new RichardsonLucyOptions(3);
        foreach (FilterKernel kernel in new[] { Box, FilterKernel.Disk(3) })
        {
            float[] one = RichardsonLucy.Deconvolve(image, kernel, options).Array;
            Assert.That(RichardsonLucy.Deconvolve(image, kernel, options, new Parallelism(2)).Array, Is.EqualTo(one));
            Assert.That(RichardsonLucy.Deconvolve(image, kernel, options, new Parallelism(3)).Array, Is.EqualTo(one));
        }
    }

    [Test]
    public void Starting_from_an_image_continues_where_a_shorter_run_ended()
    {
        ImageBuffer image = Pictures.Golden("gray");
        ImageBuffer three = RichardsonLucy.Deconvolve(image, Box, new RichardsonLucyOptions(3, Clip: false));
        ImageBuffer five = RichardsonLucy.Deconvolve(image, Box, new RichardsonLucyOptions(2, Clip: false) { StartImage = three });
        Assert.That(five.Array, Is.EqualTo(RichardsonLucy.Deconvolve(image, Box, new RichardsonLucyOptions(5, Clip: false)).Array));
    }

    [Test]
    public void Bad_options_and_cancellation_are_heard()
    {
        ImageBuffer image = Pictures.Golden("gray");
        Assert.That(() => RichardsonLucy.Deconvolve(image, Box, new RichardsonLucyOptions(0)), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Iterations"));
        Assert.That(() => RichardsonLucy.Deconvolve(image, Box, new RichardsonLucyOptions(1, Start: 0)), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Start"));
        Assert.That(
            () => RichardsonLucy.Deconvolve(image, Box, new RichardsonLucyOptions(1) { StartImage = new ImageBuffer(1, 2, 3) }),
            Throws.ArgumentException.With.Message.Contains("1 x 2 x 3"));
        Assert.That(
            () => RichardsonLucy.Deconvolve(image, Box, new RichardsonLucyOptions(1), cancellationToken: new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static double[] Deconvolve(double[] observed, FilterKernel pointSpread, int iterations)
    {
        var estimate = new double[observed.Length];
        RichardsonLucy.Deconvolve(observed, 1, 64, 64, null, estimate, pointSpread, new RichardsonLucyOptions(iterations));
        return estimate;
    }

    private static double MaxDifference(double[] actual, double[] expected) => actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();

    private static double SquaredError(ImageBuffer a, ImageBuffer b) =>
        a.Array.Zip(b.Array, (x, y) => ((double)x - y) * ((double)x - y)).Sum();
}
