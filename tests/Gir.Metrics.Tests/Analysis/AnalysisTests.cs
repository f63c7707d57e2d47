using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Metrics.Analysis;

namespace Gir.Metrics.Tests.Analysis;

[TestFixture]
public class AnalysisTests
{
    // statistics.json states these tolerances.
    private const double IndexRelativeTolerance = 1e-10;
    private const double PcaTolerance = 1e-9;
    private const double GiniTolerance = 1e-9;
    private const double HistogramTolerance = 1e-12;

    private static readonly SafeTensors Tensors = SafeTensors.Load(TestData.Golden("metrics", "statistics.safetensors"));

    [Test]
    public void Calinski_Harabasz_agrees_with_the_golden_values()
    {
        foreach (JsonElement golden in Entry("calinskiHarabasz").GetProperty("values").EnumerateArray())
        {
            string name = golden.GetProperty("name").GetString()!;
            int[] labels = [.. Tensors.Numbers(name + ".labels").Select(v => (int)v)];
            double expected = golden.GetProperty("chi").GetDouble();
            Assert.That(CalinskiHarabasz.Compute(Set(name + ".points"), labels), Is.EqualTo(expected).Within(IndexRelativeTolerance * expected), name);
        }
    }

    [Test]
    public void Calinski_Harabasz_needs_two_clusters() =>
        Assert.That(() => CalinskiHarabasz.Compute(new FeatureSet([1, 2, 3], 3, 1), [1, 1, 1]), Throws.ArgumentException.With.Message.Contains("2 to 2"));

    [TestCase("pca.tall")]
    [TestCase("pca.wide")]
    public void Principal_components_agree_with_the_golden_values(string name)
    {
        FeatureSet data = Set(name + ".data");
        PrincipalComponents fit = PrincipalComponents.Fit(data);
        Assert.That(fit.Count, Is.EqualTo(Tensors.Shape(name + ".explainedVariance")[0]));
        Assert.That(fit.Mean.ToArray(), Is.EqualTo(Tensors.Doubles(name + ".mean")).Within(PcaTolerance));
        Assert.That(fit.ExplainedVariance.ToArray(), Is.EqualTo(Tensors.Doubles(name + ".explainedVariance")).Within(PcaTolerance));
        Assert.That(fit.ExplainedVarianceRatio, Is.EqualTo(Tensors.Doubles(name + ".explainedVarianceRatio")).Within(PcaTolerance));
        double[] components = [.. Enumerable.Range(0, fit.Count).SelectMany(i => fit.Component(i).ToArray())];
        Assert.That(components, Is.EqualTo(Tensors.Doubles(name + ".components")).Within(PcaTolerance));
        Assert.That(fit.Project(data).Values.ToArray(), Is.EqualTo(Tensors.Doubles(name + ".projection")).Within(PcaTolerance));
    }

    [Test]
    public void Gini_and_diffusion_index_agree_with_the_golden_values()
    {
        foreach (JsonElement golden in Entry("giniAndDiffusionIndex").GetProperty("values").EnumerateArray())
        {
            string name = golden.GetProperty("name").GetString()!;
            double[] values = name == "gini.oneHot4096" ? [1, .. new double[4095]] : Tensors.Doubles(name);
            Assert.That(DiffusionIndex.Gini(values), Is.EqualTo(golden.GetProperty("gini").GetDouble()).Within(GiniTolerance), name);
            Assert.That(DiffusionIndex.Compute(values), Is.EqualTo(golden.GetProperty("diffusionIndex").GetDouble()).Within(100 * GiniTolerance), name);
        }
    }

    [Test]
    [Category(TestData.RealData)]
    public void Histogram_intersection_agrees_with_the_golden_values()
    {
        // The matrix was made on the photographs' inputs, whose names it carries.
        var inputs = SafeTensors.Load(TestData.Shared("golden", "photos", "degradations", "inputs.safetensors"));
        string[] order = [.. Entry("histogramIntersection").GetProperty("values").GetProperty("order").EnumerateArray().Select(e => e.GetString()!)];
        ImageBuffer[] images = [.. order.Select(name => Images.FromGolden(inputs, name))];
        double[] expected = Tensors.Doubles("histogramIntersection.matrix");
        for (int i = 0; i < images.Length; i++)
        {
            for (int j = 0; j < images.Length; j++)
                Assert.That(HistogramSimilarity.Intersection(images[i], images[j]), Is.EqualTo(expected[(i * images.Length) + j]).Within(HistogramTolerance), $"{order[i]}, {order[j]}");
        }
    }

    [Test]
    public void Histogram_intersection_counts_shares_of_levels()
    {
        var first = new ImageBuffer(1, 1, 4, [0, 0, 10 / 255f, 1]);
        var second = new ImageBuffer(1, 2, 1, [0, 10 / 255f]);
        Assert.That(HistogramSimilarity.Intersection(first, second), Is.EqualTo(0.5 + 0.25).Within(HistogramTolerance));
        Assert.That(() => HistogramSimilarity.Intersection(first, new ImageBuffer(3, 1, 1)), Throws.ArgumentException);
    }

    [Test]
    public void Correlations_know_their_textbook_answers()
    {
        double[] x = [1, 2, 3, 4, 5];
        Assert.That(Correlation.Pearson(x, [2, 4, 6, 8, 10]), Is.EqualTo(1).Within(1e-15));
        Assert.That(Correlation.Spearman(x, [1, 8, 27, 64, 125]), Is.EqualTo(1).Within(1e-15));
        Assert.That(Correlation.Spearman(x, [5, 6, 7, 8, 7]), Is.EqualTo(0.8207826816681233).Within(1e-15), "ties, the example of SciPy's spearmanr");
        Assert.That(Correlation.Kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), Is.EqualTo(-0.4714045207910316).Within(1e-15), "ties, the example of SciPy's kendalltau");
        Assert.That(Correlation.Pearson(x, [3, 3, 3, 3, 3]), Is.NaN);
        Assert.That(() => Correlation.Pearson(x, [1, 2]), Throws.ArgumentException);
    }

    [Test]
    public void The_logistic_fit_recovers_the_curve_that_made_the_data([Values] bool falling)
    {
        var truth = new LogisticFit(falling ? 10 : 90, falling ? 90 : 10, 30, 4);
        double[] x = [.. Enumerable.Range(0, 60).Select(i => (double)i)];
        double[] y = System.Array.ConvertAll(x, truth.Evaluate);
        LogisticFit fit = LogisticFit.Fit(x, y);
        Assert.That(x.Select(fit.Evaluate), Is.EqualTo(y).Within(1e-6));
        Assert.That(fit.Pearson(x, y), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void The_Frechet_distance_of_axis_aligned_sets_is_the_closed_form()
    {
        // Points +-s e_i have mean 0 and covariance 2 s_i^2 / (n - 1) on the diagonal.
        double[] s = [1, 2, 3];
        double[] t = [2, 2, 5];
        double scale = 2.0 / 5;
        double expected = 3 * 3 + s.Zip(t, (a, b) => scale * (a - b) * (a - b)).Sum();
        Assert.That(FrechetDistance.Compute(Cross(s, 0), Cross(t, 3)), Is.EqualTo(expected).Within(1e-12));
        Assert.That(FrechetDistance.Compute(Cross(s, 0), Cross(s, 0)), Is.EqualTo(0).Within(1e-12));
    }

    [Test]
    public void The_Frechet_distance_survives_fewer_points_than_dimensions()
    {
        var random = new PhiloxRandom(5);
        double[] values = [.. Enumerable.Range(0, 6 * 40).Select(_ => random.NextGaussian())];
        var few = new FeatureSet(values, 6, 40);
        double[] shifted = System.Array.ConvertAll(values, v => v + 0.5);
        Assert.That(FrechetDistance.Compute(few, few), Is.EqualTo(0).Within(1e-9));
        Assert.That(FrechetDistance.Compute(few, new FeatureSet(shifted, 6, 40)), Is.EqualTo(0.25 * 40).Within(1e-9));
    }

    [Test]
    public void The_kernel_distance_of_two_points_each_is_worked_out_by_hand()
    {
        // Kernels (x y + 1)^3: within {0, 1} it is 1, within {1, 2} 27, between them 1, 1, 8 and 27.
        var first = new FeatureSet([0, 1], 2, 1);
        var second = new FeatureSet([1, 2], 2, 1);
        Assert.That(KernelDistance.Compute(first, second), Is.EqualTo(1 + 27 - (2 * 37 / 4.0)).Within(1e-12));
        // In two dimensions the product is halved: (1 + 1)^3, (2 + 1)^3 and so on.
        var wide = new FeatureSet([1, 1, 2, 2], 2, 2);
        Assert.That(KernelDistance.Compute(wide, wide), Is.EqualTo(27 + 27 - (2 * (8 + 27 + 27 + 125) / 4.0)).Within(1e-12));
        Assert.That(() => KernelDistance.Compute(first, wide), Throws.ArgumentException.With.Message.Contains("1 coordinates"));
        Assert.That(() => KernelDistance.Compute(first, new FeatureSet([1], 1, 1)), Throws.ArgumentException.With.Message.Contains("two points"));
    }

    private static FeatureSet Cross(double[] arms, double shift)
    {
        var values = new double[arms.Length * 2 * arms.Length];
        for (int point = 0; point < 2 * arms.Length; point++)
        {
            values[(point * arms.Length) + (point / 2)] = point % 2 == 0 ? arms[point / 2] : -arms[point / 2];
            values[point * arms.Length] += shift;
        }

        return new FeatureSet(values, 2 * arms.Length, arms.Length);
    }

    private static FeatureSet Set(string name) => new(Tensors.Doubles(name), Tensors.Shape(name)[0], Tensors.Shape(name)[1]);

    private static JsonElement Entry(string name)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("metrics", "statistics.json")));
        return file.RootElement.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("name").GetString() == name).Clone();
    }
}
