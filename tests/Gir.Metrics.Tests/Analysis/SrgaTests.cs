using Gir.Imaging.Random;
using Gir.Metrics.Analysis;

namespace Gir.Metrics.Tests.Analysis;

public sealed class SrgaTests
{
    [Test]
    public void Equal_sets_have_no_distance() => Assert.That(Srga.Compute(Cloud(1, 1), Cloud(1, 1)), Is.Zero.Within(1e-9));

    [Test]
    public void The_divergence_is_that_of_Gaussians_and_of_Laplace_distributions() => Assert.Multiple(() =>
    {
        double root = Math.Sqrt(2);
        Assert.That(Srga.Divergence((root, 2), (3 * root, 2)), Is.EqualTo(Math.Log(3) + (1.0 / 18) - 0.5).Within(1e-12));
        Assert.That(Srga.Divergence((1, 1), (2, 1)), Is.EqualTo(Math.Log(2) + 0.5 - 1).Within(1e-12));
        // A Laplace distribution of scale 1 from a standard Gaussian: E[x^2]/2 + ln sqrt(2 pi) - 1 - ln 2, E[x^2] = 2.
        Assert.That(Srga.Divergence((1, 1), (root, 2)), Is.EqualTo((Math.Log(2 * Math.PI) / 2) - Math.Log(2)).Within(1e-12));
    });

    [Test]
    public void Wider_descriptions_are_farther_away()
    {
        double[] distances = [.. new[] { 1.1, 1.5, 3 }.Select(scale => Srga.Compute(Cloud(1, 1), Cloud(2, scale)))];
        Assert.That(distances, Is.Ordered.Ascending);
        // Gaussian samples: the closed form, within what fits to 4,000 coefficients differ.
        double expected = Math.Log10(((3.0 * 3 / 2) - 0.5 - Math.Log(3)) + 1e-5) + 5;
        Assert.That(distances[2], Is.EqualTo(expected).Within(0.03));
    }

    [Test]
    public void What_does_not_fit_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Srga.Compute(Cloud(1, 1), new FeatureSet([1, 2], 2, 1)), Throws.ArgumentException.With.Message.Contains("coordinates"));
        Assert.That(() => Srga.Compute(Cloud(1, 1), Cloud(1, 0)), Throws.ArgumentException.With.Message.Contains("same"));
    });

    private static FeatureSet Cloud(ulong seed, double scale)
    {
        var random = new PhiloxRandom(seed);
        return new FeatureSet([.. Enumerable.Range(0, 4000).Select(_ => scale * random.NextGaussian())], 500, 8);
    }
}
