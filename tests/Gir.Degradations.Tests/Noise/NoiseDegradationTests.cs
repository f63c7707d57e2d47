using System.Text.Json;
using Gir.Degradations.Noise;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Noise;

public sealed class NoiseDegradationTests
{
    private static readonly JsonElement s_golden = JsonElement.Parse(File.ReadAllText(TestData.Golden("degradations", "noise_statistics.json")));

    [Test]
    public void Gaussian_noise_has_the_moments_of_the_clamped_normal()
    {
        foreach (JsonElement entry in s_golden.GetProperty("gaussian").EnumerateArray())
        {
            double level = entry.GetProperty("level").GetDouble();
            ImageBuffer flat = Patches.Flat(3, 512, 512, (float)level);
            ImageBuffer noisy = Apply(new NoiseDegradation { Sigma = entry.GetProperty("sigma255").GetDouble() }, flat);
            (double mean, double variance) = Moments(noisy.Samples);
            Assert.That(mean, Is.EqualTo(entry.GetProperty("expectedMean").GetDouble()).Within(entry.GetProperty("meanBound6Sigma").GetDouble()));
            double expected = entry.GetProperty("expectedVariance").GetDouble();
            Assert.That(variance, Is.EqualTo(expected).Within(expected * entry.GetProperty("varianceRelativeBound").GetDouble()));
        }
    }

    [Test]
    public void Gaussian_noise_is_white_and_normal()
    {
        JsonElement bounds = s_golden.GetProperty("whiteness");
        ImageBuffer noisy = Apply(new NoiseDegradation(), Patches.Flat(3, 512, 512, 0.5f));
        (double mean, double variance) = Moments(noisy.Samples);
        Assert.That(Correlation(noisy.Samples[..^1], noisy.Samples[1..]), Is.Zero.Within(bounds.GetProperty("lag1CorrelationAbsBound").GetDouble()));
        Assert.That(Correlation(noisy.Samples[..^512], noisy.Samples[512..]), Is.Zero.Within(bounds.GetProperty("lag1CorrelationAbsBound").GetDouble()));
        double crossBound = bounds.GetProperty("crossChannelCorrelationAbsBound").GetDouble();
        Assert.That(Correlation(noisy.Plane(0), noisy.Plane(1)), Is.Zero.Within(crossBound));
        Assert.That(Correlation(noisy.Plane(1), noisy.Plane(2)), Is.Zero.Within(crossBound));
        (double third, double fourth) = (0, 0);
        foreach (float sample in noisy.Samples)
        {
            double deviation = (sample - mean) / Math.Sqrt(variance);
            third += deviation * deviation * deviation / noisy.Samples.Length;
            fourth += deviation * deviation * deviation * deviation / noisy.Samples.Length;
        }

        Assert.That(third, Is.Zero.Within(bounds.GetProperty("skewAbsBound").GetDouble()));
        Assert.That(fourth - 3, Is.Zero.Within(bounds.GetProperty("excessKurtosisAbsBound").GetDouble()));
    }

    [Test]
    public void Poisson_noise_has_the_moments_of_photon_counts()
    {
        foreach (JsonElement entry in s_golden.GetProperty("poisson").EnumerateArray())
        {
            var noise = new NoiseDegradation { Kind = NoiseKind.Poisson, Scale = entry.GetProperty("scale").GetDouble() };
            CheckPoisson(noise, entry.GetProperty("level").GetDouble(), entry.GetProperty("expectedVariance").GetDouble());
        }

        // Means below and above the change of method (10 photons).
        foreach (double photons in new[] { 0.3, 3, 9.9, 10.1, 20 })
            CheckPoisson(new NoiseDegradation { Kind = NoiseKind.Poisson, Scale = 100 }, photons / 100, photons / 100 / 100);
    }

    [TestCase(0.5)]
    [TestCase(4)]
    [TestCase(12)]
    public void Poisson_counts_have_the_frequencies_of_the_distribution(double mean)
    {
        const int Draws = 100_000;
        var counts = new int[64];
        for (int i = 0; i < Draws; i++)
            counts[(int)PoissonSampler.Draw(mean, 11, (ulong)i)]++;
        double probability = Math.Exp(-mean);
        for (int k = 0; k < 30; probability *= mean / ++k)
        {
            double deviation = Math.Sqrt(Draws * probability * (1 - probability));
            Assert.That(counts[k], Is.EqualTo(Draws * probability).Within((6 * deviation) + 1), $"count {k}");
        }
    }

    [Test]
    public void Poisson_noise_of_the_largest_scale_is_finite() =>
        CheckPoisson(new NoiseDegradation { Kind = NoiseKind.Poisson, Scale = 1e6 }, 0.5, 0.5 / 1e6);

    [Test]
    public void Speckle_noise_grows_with_the_sample()
    {
        foreach (JsonElement entry in s_golden.GetProperty("speckle").EnumerateArray())
        {
            var noise = new NoiseDegradation { Kind = NoiseKind.Speckle, Sigma = 255 * entry.GetProperty("sigma").GetDouble() };
            ImageBuffer noisy = Apply(noise, Patches.Flat(3, 512, 512, (float)entry.GetProperty("level").GetDouble()));
            (double mean, double variance) = Moments(noisy.Samples);
            double expected = entry.GetProperty("expectedVariance").GetDouble();
            Assert.That(mean, Is.EqualTo(entry.GetProperty("expectedMean").GetDouble()).Within(6 * Math.Sqrt(expected / noisy.Samples.Length)));
            Assert.That(variance, Is.EqualTo(expected).Within(0.02 * expected));
        }
    }

    [Test]
    public void Salt_and_pepper_replaces_the_stated_fractions()
    {
        foreach (JsonElement entry in s_golden.GetProperty("saltAndPepper").EnumerateArray())
        {
            var noise = new NoiseDegradation { Kind = NoiseKind.SaltAndPepper, Amount = entry.GetProperty("amount").GetDouble() };
            float[] noisy = Apply(noise, Patches.Flat(3, 512, 512, 0.5f)).Array;
            double bound = entry.GetProperty("bound6Sigma").GetDouble();
            Assert.That(noisy.Count(v => v == 1) / (double)noisy.Length, Is.EqualTo(entry.GetProperty("expectedWhiteFraction").GetDouble()).Within(bound));
            Assert.That(noisy.Count(v => v == 0) / (double)noisy.Length, Is.EqualTo(entry.GetProperty("expectedBlackFraction").GetDouble()).Within(bound));
            Assert.That(noisy.Count(v => v is not (0 or 1 or 0.5f)), Is.Zero);
        }
    }

    [TestCase(NoiseKind.Gaussian)]
    [TestCase(NoiseKind.Poisson)]
    [TestCase(NoiseKind.SaltAndPepper)]
    public void Gray_noise_is_the_same_in_all_channels(NoiseKind kind)
    {
        var noise = new NoiseDegradation { Kind = kind, Gray = true };
        ImageBuffer noisy = Apply(noise, Patches.Flat(3, 33, 65, 0.5f));
        Assert.That(noisy.Plane(1).SequenceEqual(noisy.Plane(0)) && noisy.Plane(2).SequenceEqual(noisy.Plane(0)));
        Assert.That(noisy.Plane(0).ToArray().Distinct().Count(), Is.GreaterThan(1));
        ImageBuffer gray = Apply(noise, Patches.Flat(1, 33, 65, 0.5f));
        Assert.That(gray.Plane(0).SequenceEqual(noisy.Plane(0)));
    }

    [Test]
    public void Results_are_clamped_and_the_input_is_kept()
    {
        ImageBuffer image = Patches.Random(3, 64, 64, 1);
        float[] before = [.. image.Array];
        Assert.That(Apply(new NoiseDegradation { Sigma = 255 }, image).Array, Is.All.InRange(0f, 1f));
        Assert.That(image.Array, Is.EqualTo(before));
    }

    [Test]
    public void Every_integer_sigma_of_1_to_30_is_drawn()
    {
        var random = new PhiloxRandom(8);
        double[] sigmas = [.. Enumerable.Range(0, 3000).Select(_ => ((NoiseDegradation)NoiseDegradation.Descriptor.Sample(random)).Sigma)];
        Assert.That(sigmas.Distinct().Order(), Is.EqualTo(Enumerable.Range(1, 30).Select(i => (double)i)));
    }

    private static void CheckPoisson(NoiseDegradation noise, double level, double expectedVariance)
    {
        ImageBuffer flat = Patches.Flat(1, 256, 256, (float)level);
        (double mean, double variance) = Moments(Apply(noise, flat).Samples);
        double expectedMean = flat.Array[0];
        int n = flat.Samples.Length;
        Assert.That(mean, Is.EqualTo(expectedMean).Within((6 * Math.Sqrt(expectedVariance / n)) + 1e-7));
        // The fourth central moment of a Poisson number is mean (1 + 3 mean).
        double photons = expectedMean * noise.Scale;
        double spread = Math.Sqrt((photons + (2 * photons * photons)) / n) / (noise.Scale * noise.Scale);
        Assert.That(variance, Is.EqualTo(expectedVariance).Within((6 * spread) + 1e-10));
    }

    private static ImageBuffer Apply(NoiseDegradation noise, ImageBuffer image) => noise.Apply(image, new DegradationContext(20260101));

    private static (double Mean, double Variance) Moments(ReadOnlySpan<float> samples)
    {
        (double sum, double squares) = (0, 0);
        foreach (float sample in samples)
            sum += sample;
        double mean = sum / samples.Length;
        foreach (float sample in samples)
            squares += (sample - mean) * (sample - mean);
        return (mean, squares / samples.Length);
    }

    private static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ((double meanA, double varianceA), (double meanB, double varianceB)) = (Moments(a), Moments(b));
        double covariance = 0;
        for (int i = 0; i < a.Length; i++)
            covariance += (a[i] - meanA) * (b[i] - meanB) / a.Length;
        return covariance / Math.Sqrt(varianceA * varianceB);
    }
}
