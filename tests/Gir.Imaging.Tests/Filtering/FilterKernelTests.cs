using System.Globalization;
using System.Text.Json;
using Gir.Imaging.Filtering;

namespace Gir.Imaging.Tests.Filtering;

public class FilterKernelTests
{
    /// <summary>Closed forms in float64 (manifest: kernels).</summary>
    private const double ClosedForm = 1e-12;

    /// <summary>Depends on the Bessel function used (manifest: kernels, sinc).</summary>
    private const double Bessel = 1e-9;

    private static readonly SafeTensors Goldens = SafeTensors.Load(TestData.Golden("degradations", "kernels.safetensors"));

    public static IEnumerable<TestCaseData> GoldenKernels()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(TestData.Golden("degradations", "manifest.json")));
        JsonElement entry = manifest.RootElement.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("name").GetString() == "kernels");
        foreach (JsonProperty p in entry.GetProperty("parameters").EnumerateObject())
        {
            double Number(string name) => p.Value.GetProperty(name).GetDouble();
            int size = p.Value.GetProperty("size").GetInt32();
            string type = p.Value.GetProperty("type").GetString()!;
            FilterKernel kernel = type switch
            {
                "isotropic" => FilterKernel.Gaussian(size, Number("sigma")),
                "anisotropic" => FilterKernel.AnisotropicGaussian(size, Number("sigmaX"), Number("sigmaY"), Number("theta")),
                "generalized" => FilterKernel.GeneralizedGaussian(size, Number("sigmaX"), Number("sigmaY"), Number("theta"), Number("beta")),
                "plateau" => FilterKernel.Plateau(size, Number("sigmaX"), Number("sigmaY"), Number("theta"), Number("beta")),
                "sinc" => FilterKernel.Sinc(size, Number("omega")),
                _ => throw new InvalidOperationException(type),
            };
            yield return new TestCaseData(p.Name, kernel, type == "sinc" ? Bessel : ClosedForm).SetArgDisplayNames(p.Name);
        }
    }

    [TestCaseSource(nameof(GoldenKernels))]
    public void Factories_agree_with_the_published_kernels(string name, FilterKernel kernel, double tolerance)
    {
        double[] expected = Goldens.Doubles(name);
        int size = Goldens.Shape(name)[0];
        int margin = (size - kernel.Height) / 2;
        double worst = 0;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                (int row, int column) = (y - margin, x - margin);
                bool inside = row >= 0 && row < kernel.Height && column >= 0 && column < kernel.Width;
                double actual = inside ? kernel.Weights[(row * kernel.Width) + column] : 0;
                worst = Math.Max(worst, Math.Abs(actual - expected[(y * size) + x]));
            }
        }

        Assert.That(worst, Is.LessThanOrEqualTo(tolerance));
    }

    [Test]
    public void Gaussians_and_boxes_are_separable_and_their_factors_multiply_to_the_weights()
    {
        FilterKernel[] kernels =
        [
            FilterKernel.Gaussian(15, 2), FilterKernel.Gaussian(7, 0.2), FilterKernel.Box(5), FilterKernel.AnisotropicGaussian(13, 4, 4, 0.3),
            FilterKernel.FromWeights(Enumerable.Repeat(1.0 / 25, 25).ToArray(), 5, 5), FilterKernel.FromWeights([0, 0, 0, 0, 3, 0], 2, 3),
        ];
        foreach (FilterKernel kernel in kernels)
        {
            Assert.That(kernel.IsSeparable, Is.True);
            for (int i = 0; i < kernel.Weights.Length; i++)
                Assert.That(kernel.Column![i / kernel.Width] * kernel.Row![i % kernel.Width], Is.EqualTo(kernel.Weights[i]).Within(1e-14));
        }
    }

    [Test]
    public void Kernels_that_are_no_product_are_not_taken_for_one()
    {
        Assert.That(FilterKernel.Sinc(15, 1.2).IsSeparable, Is.False);
        Assert.That(FilterKernel.AnisotropicGaussian(15, 2, 0.8, 0.6).IsSeparable, Is.False);
        Assert.That(FilterKernel.Disk(3.5).IsSeparable, Is.False);
        Assert.That(FilterKernel.FromWeights([1, 0, 0, 1], 2, 2).IsSeparable, Is.False);
    }

    [TestCase(0.3)]
    [TestCase(1)]
    [TestCase(2.5)]
    [TestCase(7.25)]
    public void Disk_weights_are_the_exact_areas_of_pixels_in_the_circle(double radius)
    {
        FilterKernel kernel = FilterKernel.Disk(radius);
        double sum = 0;
        foreach (double weight in kernel.Weights)
            sum += weight;
        Assert.That(sum, Is.EqualTo(1).Within(1e-12));
        // The center pixel of a large disk is covered whole: its weight is one pixel's share of the circle's area.
        int center = kernel.Weights.Length / 2;
        Assert.That(kernel.Weights[center], Is.EqualTo(radius <= 0.5 ? 1 : 1 / (Math.PI * radius * radius)).Within(radius is > 0.5 and < 0.8 ? 1 : 1e-12));
        // Every pixel against a fine grid of sample points.
        int half = kernel.Width / 2;
        const int Grid = 200;
        for (int y = 0; y <= half; y++)
        {
            for (int x = 0; x <= half; x++)
            {
                int inside = 0;
                for (int i = 0; i < Grid * Grid; i++)
                {
                    double px = x - 0.5 + (((i % Grid) + 0.5) / Grid);
                    double py = y - 0.5 + (((i / Grid) + 0.5) / Grid);
                    inside += (px * px) + (py * py) <= radius * radius ? 1 : 0;
                }

                double expected = inside / (double)(Grid * Grid) / (Math.PI * radius * radius);
                // A grid of 200 x 200 points counts an area with an error of the order of its edge: 1e-3 of a pixel.
                Assert.That(kernel.Weights[((half + y) * kernel.Width) + half + x], Is.EqualTo(expected).Within(1e-3 / (Math.PI * radius * radius)));
            }
        }
    }

    [Test]
    public void Horizontal_motion_is_a_flat_row_and_vertical_motion_a_flat_column()
    {
        FilterKernel horizontal = FilterKernel.Motion(5, 0);
        FilterKernel vertical = FilterKernel.Motion(5, 90);
        Assert.That(horizontal.Width, Is.EqualTo(5));
        for (int i = 0; i < 5; i++)
        {
            Assert.That(horizontal.Weights[(2 * 5) + i], Is.EqualTo(0.2).Within(1e-12));
            Assert.That(vertical.Weights[(i * 5) + 2], Is.EqualTo(0.2).Within(1e-12));
        }
    }

    [Test]
    public void Motion_at_45_degrees_rises_to_the_right()
    {
        FilterKernel kernel = FilterKernel.Motion(9, 45);
        int size = kernel.Width;
        Assert.That(kernel.Weights[size - 1 - 0], Is.GreaterThan(0), "upper right corner");
        Assert.That(kernel.Weights[0], Is.Zero, "upper left corner");
        double sum = 0;
        foreach (double weight in kernel.Weights)
            sum += weight;
        Assert.That(sum, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Flipping_turns_by_180_degrees_and_twice_gives_the_kernel_back()
    {
        FilterKernel kernel = FilterKernel.FromWeights([1, 2, 3, 4, 5, 7], 2, 3);
        Assert.That(kernel.Flipped().Weights.ToArray(), Is.EqualTo(new double[] { 7, 5, 4, 3, 2, 1 }));
        Assert.That(kernel.Flipped().Flipped().Weights.ToArray(), Is.EqualTo(kernel.Weights.ToArray()));
    }

    [Test]
    public void Bad_parameters_are_named()
    {
        Assert.That(() => FilterKernel.Gaussian(4, 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("size"));
        Assert.That(() => FilterKernel.Gaussian(5, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("sigma"));
        Assert.That(() => FilterKernel.Gaussian(5, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => FilterKernel.Sinc(5, 3.2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("cutoff"));
        Assert.That(() => FilterKernel.Motion(0.5, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("length"));
        Assert.That(() => FilterKernel.Disk(-1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("radius"));
        Assert.That(() => FilterKernel.FromWeights([1, 2, 3], 2, 2), Throws.ArgumentException.With.Message.Contains("4"));
        Assert.That(() => FilterKernel.FromWeights([1, double.NaN], 1, 2), Throws.ArgumentException.With.Message.Contains("(0, 1)"));
        Assert.That(() => FilterKernel.Box(100_000), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
