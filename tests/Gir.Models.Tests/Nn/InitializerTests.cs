using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Nn;

/// <summary>Initial weights: the variances of the papers, and the same values for the same seed and key.</summary>
public sealed class InitializerTests
{
    // Fan in 32 * 9 = 288, fan out 48 * 9 = 432, 13824 values: variances of such samples err by about 1 %.
    private static readonly TensorShape Shape = [48, 32, 3, 3];

    private static readonly (string Name, Func<ulong, Initializer> Make, double Variance, double Kurtosis, double Largest)[] Table =
    [
        ("Kaiming uniform, torch's default", seed => Initializer.KaimingUniform(seed), 1 / 3.0 / 288, 1.8, 1 / Math.Sqrt(288)),
        ("Kaiming uniform of rectifiers", seed => Initializer.KaimingUniform(seed, Math.Sqrt(2)), 2 / 288.0, 1.8, Math.Sqrt(6 / 288.0)),
        ("Kaiming normal", seed => Initializer.KaimingNormal(seed), 2 / 288.0, 3, double.PositiveInfinity),
        ("Kaiming normal, a tenth", seed => Initializer.KaimingNormal(seed, 0.1 * Math.Sqrt(2)), 0.02 / 288, 3, double.PositiveInfinity),
        ("Xavier uniform", seed => Initializer.XavierUniform(seed), 2.0 / (288 + 432), 1.8, Math.Sqrt(6.0 / (288 + 432))),
        ("Xavier uniform, gain 3", seed => Initializer.XavierUniform(seed, 3), 18.0 / (288 + 432), 1.8, 3 * Math.Sqrt(6.0 / (288 + 432))),
        ("uniform", seed => Initializer.Uniform(seed, 0.25), 0.25 * 0.25 / 3, 1.8, 0.25),
        ("truncated normal", seed => Initializer.TruncatedNormal(seed), 0.02 * 0.02, 3, 2),
        // Cut at one sigma: 1 - 2 phi(1) / (2 Phi(1) - 1) = 0.29112 of the variance is left; its kurtosis is 1.9369.
        ("truncated normal of sigma 2", seed => Initializer.TruncatedNormal(seed, 2), 4 * 0.29112, 1.937, 2),
    ];

    public static IEnumerable<TestCaseData> Rows => Table.Select((row, i) => new TestCaseData(i).SetArgDisplayNames(row.Name));

    [TestCaseSource(nameof(Rows))]
    public void Weights_have_the_variance_of_the_paper(int row)
    {
        (_, Func<ulong, Initializer> make, double variance, double kurtosis, double largest) = Table[row];
        float[] weights = make(11).Create(Shape, "weight").ToArray();
        double second = weights.Average(w => (double)w * w);
        double fourth = weights.Average(w => Math.Pow(w, 4));
        Assert.Multiple(() =>
        {
            // Four standard errors each.
            Assert.That(weights.Average(w => (double)w), Is.EqualTo(0).Within(4 * Math.Sqrt(variance / weights.Length)), "mean");
            Assert.That(second / variance, Is.EqualTo(1).Within(4 * Math.Sqrt((kurtosis - 1) / weights.Length)), "variance");
            Assert.That(fourth / (second * second), Is.EqualTo(kurtosis).Within(0.17), "kurtosis: 1.8 is uniform, 3 is normal");
            Assert.That(weights.Max(w => Math.Abs((double)w)), Is.LessThanOrEqualTo((double)(float)largest), "largest");
        });
    }

    [TestCaseSource(nameof(Rows))]
    public void The_same_seed_and_key_give_the_same_weights(int row)
    {
        Func<ulong, Initializer> make = Table[row].Make;
        float[] weights = make(3).Create([5, 7], "weight").ToArray();
        Assert.That(make(3).Create([5, 7], "weight").ToArray(), Is.EqualTo(weights));
        Assert.That(make(4).Create([5, 7], "weight").ToArray(), Is.Not.EqualTo(weights), "another seed");
        Assert.That(make(3).Create([5, 7], "bias").ToArray(), Is.Not.EqualTo(weights), "another key");
    }

    [TestCase(3)]
    [TestCase(700)]
    public void Weights_are_drawn_from_the_Philox_stream_of_seed_and_key(int columns)
    {
        var random = new PhiloxRandom(Philox4x32.DeriveSeed(9, "weight"));
        float[] expected = [.. Enumerable.Range(0, 2 * columns).Select(_ => (float)random.NextUniform(-0.5, 0.5))];
        Assert.That(Initializer.Uniform(9, 0.5).Create([2, columns], "weight").ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void A_layer_starts_the_same_whatever_else_is_built()
    {
        float[] alone = new Conv2d(3, 4, 3, seed: 8).Weight.ToArray();
        var other = new Sequential(new Conv2d(7, 9, 5, seed: 1), new Conv2d(3, 4, 3, seed: 8));
        Assert.That(other.StateDictionary().Single(e => e.Key == "1.weight").Value.ToArray(), Is.EqualTo(alone));
    }

    [Test]
    public void A_constant_is_constant() => Assert.That(Initializer.Constant(0.5f).Create([3], "x").ToArray(), Is.All.EqualTo(0.5f));

    [TestCase(-0.1)]
    [TestCase(101)]
    [TestCase(double.NaN)]
    public void A_width_out_of_range_is_refused(double sigma) =>
        Assert.That(() => Initializer.TruncatedNormal(0, sigma), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("sigma"));

    [Test]
    public void While_a_checkpoint_is_loaded_networks_start_with_zeros_and_are_bounded()
    {
        using (Initializer.ForLoading(28))
        {
            Assert.That(new Linear(3, 4).Weight.ToArray(), Is.All.Zero);
            Assert.That(() => new Linear(3, 4), Throws.ArgumentException.With.Message.Contains("28"));
        }

        Assert.That(new Linear(3, 4).Weight.ToArray(), Has.None.Zero);
    }
}
