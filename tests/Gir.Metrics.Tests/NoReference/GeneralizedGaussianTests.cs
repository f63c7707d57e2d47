using System.Text.Json;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Tests.NoReference;

[TestFixture]
public class GeneralizedGaussianTests
{
    // statistics.json: equal grid index expected; the reference's grid is off by 1e-12 from repeated addition.
    private const double Tolerance = 1e-9;

    [Test]
    public void Fits_agree_with_the_golden_values()
    {
        var samples = SafeTensors.Load(TestData.Golden("metrics", "statistics.safetensors"));
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("metrics", "statistics.json")));
        JsonElement entry = file.RootElement.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("name").GetString() == "aggdGgdFit");
        Assert.Multiple(() =>
        {
            foreach (JsonElement golden in entry.GetProperty("values").EnumerateArray())
            {
                string name = golden.GetProperty("name").GetString()!;
                double[] values = samples.Doubles(name);
                AsymmetricFit asymmetric = GeneralizedGaussian.FitAsymmetric(values);
                JsonElement aggd = golden.GetProperty("aggd");
                Assert.That(asymmetric.Alpha, Is.EqualTo(aggd.GetProperty("alpha").GetDouble()).Within(Tolerance), name);
                Assert.That(asymmetric.BetaLeft, Is.EqualTo(aggd.GetProperty("betaLeft").GetDouble()).Within(Tolerance), name);
                Assert.That(asymmetric.BetaRight, Is.EqualTo(aggd.GetProperty("betaRight").GetDouble()).Within(Tolerance), name);
                Assert.That(asymmetric.Eta, Is.EqualTo(aggd.GetProperty("eta").GetDouble()).Within(Tolerance), name);
                SymmetricFit symmetric = GeneralizedGaussian.FitSymmetric(values);
                JsonElement ggd = golden.GetProperty("ggd");
                Assert.That(symmetric.Alpha, Is.EqualTo(ggd.GetProperty("alpha").GetDouble()).Within(Tolerance), name);
                Assert.That(symmetric.Variance, Is.EqualTo(ggd.GetProperty("variance").GetDouble()).Within(Tolerance), name);
            }
        });
    }

    [Test]
    public void The_bisection_finds_what_a_scan_of_the_whole_grid_finds()
    {
        var random = new Gir.Imaging.Random.PhiloxRandom(7);
        for (int draw = 0; draw < 300; draw++)
        {
            double target = random.NextUniform(-0.1, 1.1);
            (int scanned, int inverse) = (0, 0);
            for (int i = 1; i < 9801; i++)
            {
                double difference = GeneralizedGaussian.RatioAt(i) - target;
                double best = GeneralizedGaussian.RatioAt(scanned) - target;
                scanned = difference * difference < best * best ? i : scanned;
                inverse = Math.Abs((1 / GeneralizedGaussian.RatioAt(i)) - (1 / target)) < Math.Abs((1 / GeneralizedGaussian.RatioAt(inverse)) - (1 / target)) ? i : inverse;
            }

            Assert.That(GeneralizedGaussian.Nearest(target), Is.EqualTo(scanned), $"target {target}");
            if (target > 0)
                Assert.That(GeneralizedGaussian.NearestInverse(1 / target), Is.EqualTo(inverse), $"target 1 / {target}");
        }
    }

    [Test]
    public void A_side_without_samples_has_no_scale()
    {
        AsymmetricFit fit = GeneralizedGaussian.FitAsymmetric([0.5, 1, 0, 2]);
        Assert.That(fit.BetaLeft, Is.NaN);
        Assert.That(fit.Alpha, Is.EqualTo(0.2));
        Assert.That(fit.BetaRight, Is.GreaterThan(0));
    }
}
