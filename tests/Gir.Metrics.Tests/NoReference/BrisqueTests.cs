using Gir.Imaging;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Tests.NoReference;

[TestFixture]
public class BrisqueTests
{
    private string _model = "";
    private string _range = "";

    [SetUp]
    public void ChoosePaths()
    {
        string stem = Path.Combine(Path.GetTempPath(), $"gir-brisque-{Environment.ProcessId}-{TestContext.CurrentContext.Test.ID}");
        (_model, _range) = (stem + ".model", stem + ".range");
        File.WriteAllText(_range, "x\n-1 1\n" + string.Concat(Enumerable.Range(1, 36).Select(i => $"{i} {i - 1} {i + 3}\n")));
        File.WriteAllText(_model, "svm_type epsilon_svr\nkernel_type rbf\ngamma 0.05\nnr_class 2\ntotal_sv 2\nrho -50\nSV\n10 1:0.5 36:-1 \n-4 2:0.25 \n");
    }

    [TearDown]
    public void RemoveFiles()
    {
        File.Delete(_model);
        File.Delete(_range);
    }

    [Test]
    public void The_features_are_the_fits_of_the_definition()
    {
        ImageBuffer image = GoldenPairs.Synthetic.Pairs.Single(p => p.Name == "scene23.noise20").Distorted;
        double[] features = Brisque.ComputeFeatures(image);
        Assert.That(features, Has.Length.EqualTo(36));
        (double[] z, int height, int width) = Normalize(image);
        SymmetricFit shape = GeneralizedGaussian.FitSymmetric(z);
        Assert.That(features[0], Is.EqualTo(shape.Alpha).Within(1e-12));
        Assert.That(features[1], Is.EqualTo(shape.Variance).Within(1e-9));
        int at = 2;
        foreach ((int y, int x) in new[] { (0, 1), (1, 0), (1, 1), (-1, 1) })
        {
            var product = new double[z.Length];
            for (int i = 0; i < z.Length; i++)
                product[i] = z[i] * z[(((i / width) - y + height) % height * width) + (((i % width) - x + width) % width)];
            double[] negative = [.. product.Where(v => v < 0)];
            double[] positive = [.. product.Where(v => v > 0)];
            Assert.That(features[at], Is.EqualTo(GeneralizedGaussian.FitAsymmetric(product).Alpha).Within(1e-12), $"shift {y}, {x}");
            Assert.That(features[at + 2], Is.EqualTo(negative.Average(v => v * v)).Within(1e-9), $"shift {y}, {x}");
            Assert.That(features[at + 3], Is.EqualTo(positive.Average(v => v * v)).Within(1e-9), $"shift {y}, {x}");
            at += 4;
        }
    }

    [Test]
    public void The_score_is_the_regression_of_the_scaled_features()
    {
        BrisqueModel model = BrisqueModel.Load(_model, _range, "tiny");
        double[] features = [.. Enumerable.Range(0, 36).Select(i => i + 2.0)];
        // Every feature i lies in the middle of its range [i, i + 4] and becomes 0.
        double expected = (10 * Math.Exp(-0.05 * (0.25 + 1))) - (4 * Math.Exp(-0.05 * 0.0625)) + 50;
        Assert.That(model.Predict(features), Is.EqualTo(expected).Within(1e-12));
        MetricScore score = new Brisque(model).Measure(GoldenPairs.Synthetic.Pairs[0].Distorted);
        Assert.That(score.Model, Is.EqualTo("tiny"));
        Assert.That(score.Value, Is.InRange(46, 60));
    }

    [TestCase("svm_type epsilon_svr", "svm_type c_svc", "epsilon_svr")]
    [TestCase("total_sv 2", "total_sv 3", "too early")]
    [TestCase("total_sv 2", "total_sv 999999999", "total_sv")]
    [TestCase("36:-1", "37:-1", "37:-1")]
    [TestCase("0.25", "NaN", "NaN")]
    [TestCase("gamma 0.05\n", "", "gamma")]
    public void A_damaged_model_is_refused_with_file_and_reason(string from, string to, string reason)
    {
        File.WriteAllText(_model, File.ReadAllText(_model).Replace(from, to, StringComparison.Ordinal));
        Assert.That(
            () => BrisqueModel.Load(_model, _range),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains(_model).And.Message.Contains(reason));
    }

    [Test]
    public void A_range_file_for_other_features_is_refused()
    {
        File.WriteAllText(_range, "x\n-1 1\n1 0 1\n3 0 1\n");
        Assert.That(() => BrisqueModel.Load(_model, _range), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("feature 2"));
    }

    /// <summary>Normalized coefficients straight from the definition, with the window in two dimensions.</summary>
    private static (double[] Values, int Height, int Width) Normalize(ImageBuffer image)
    {
        (int height, int width) = (image.Height, image.Width);
        double Gray(int y, int x)
        {
            double Level(int c) => image[c, Math.Clamp(y, 0, height - 1), Math.Clamp(x, 0, width - 1)] * 255f;
            return Math.Floor((0.298936021293775 * Level(0)) + (0.587043074451121 * Level(1)) + (0.114020904255103 * Level(2)) + 0.5);
        }

        var result = new double[height * width];
        double total = 0;
        for (int v = -3; v <= 3; v++)
        {
            for (int u = -3; u <= 3; u++)
                total += Math.Exp(-((v * v) + (u * u)) / (2 * 49.0 / 36));
        }

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (double mean, double squares) = (0, 0);
                for (int v = -3; v <= 3; v++)
                {
                    for (int u = -3; u <= 3; u++)
                    {
                        double weight = Math.Exp(-((v * v) + (u * u)) / (2 * 49.0 / 36)) / total;
                        double level = Gray(y + v, x + u);
                        mean += weight * level;
                        squares += weight * level * level;
                    }
                }

                double coefficient = (Gray(y, x) - mean) / (Math.Sqrt(Math.Abs(squares - (mean * mean))) + 1);
                result[(y * width) + x] = Math.Abs(coefficient) < 1e-9 ? 0 : coefficient;
            }
        }

        return (result, height, width);
    }
}
