using Gir.Imaging.Random;
using Gir.Metrics.Analysis;

namespace Gir.Metrics.Tests.Analysis;

public sealed class TsneTests
{
    [Test]
    public void Neighbors_stay_neighbors()
    {
        FeatureSet points = Groups(3, 20, 12);
        FeatureSet plane = Tsne.Embed(points, new TsneOptions { Perplexity = 10 });
        for (int i = 0; i < plane.Count; i++)
        {
            int nearest = Enumerable.Range(0, plane.Count).Where(j => j != i).MinBy(j => Square(plane, i, j));
            Assert.That(nearest / 20, Is.EqualTo(i / 20));
        }
    }

    [Test]
    public void The_descent_lowers_the_divergence()
    {
        FeatureSet points = Groups(3, 12, 5);
        double[] divergences = [.. new[] { 1, 300, 1000 }.Select(i => Tsne.Divergence(points, Tsne.Embed(points, new TsneOptions { Perplexity = 8, Iterations = i }), 8))];
        Assert.That(divergences, Is.Ordered.Descending);
        Assert.That(divergences[2], Is.LessThan(divergences[0] / 2));
    }

    [Test]
    public void The_gradient_is_that_of_the_divergence()
    {
        FeatureSet points = Groups(2, 5, 3);
        double[] similar = Tsne.Similarities(points, 3);
        double[] places = [.. Enumerable.Range(0, 20).Select(i => Math.Sin(1 + (3 * i)))];
        double[] gradient = Tsne.Gradient(similar, places, 1);
        const double Step = 1e-5;
        for (int i = 0; i < places.Length; i++)
        {
            double Shifted(double by) => Tsne.Divergence(points, new FeatureSet([.. places.Select((p, k) => k == i ? p + by : p)], 10, 2), 3);
            Assert.That(gradient[i], Is.EqualTo((Shifted(Step) - Shifted(-Step)) / (2 * Step)).Within(1e-7));
        }
    }

    [Test]
    public void Every_point_has_the_perplexity()
    {
        double[] similar = Tsne.Similarities(Groups(2, 15, 4), 7);
        Assert.That(similar.Sum(), Is.EqualTo(1).Within(1e-12));
        // Points in the corners of a regular simplex have all others alike.
        double[] corners = new double[64];
        for (int i = 0; i < 8; i++)
            corners[(i * 8) + i] = 1;
        Assert.That(Tsne.Similarities(new FeatureSet(corners, 8, 8), 2).Where((_, i) => i % 9 != 0), Is.All.EqualTo(1.0 / 56).Within(1e-12));
    }

    [Test]
    public void A_seed_gives_one_layout()
    {
        FeatureSet points = Groups(2, 6, 3);
        double[] Layout(ulong seed) => Tsne.Embed(points, new TsneOptions { Seed = seed, Iterations = 30 }).Values.ToArray();
        double[] once = Layout(3);
        Assert.That(Layout(3), Is.EqualTo(once));
        Assert.That(Layout(4), Is.Not.EqualTo(once));
    }

    [Test]
    public void Equal_points_are_no_trouble() =>
        Assert.That(Tsne.Embed(new FeatureSet(new double[24], 12, 2)).Values.ToArray(), Has.All.Matches<double>(double.IsFinite));

    [Test]
    public void What_does_not_fit_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Tsne.Embed(new FeatureSet(new double[6], 3, 2)), Throws.ArgumentException.With.Message.Contains("4..4000"));
        Assert.That(() => Tsne.Embed(Groups(2, 5, 2), new TsneOptions { Perplexity = 4 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("1..3"));
        Assert.That(() => Tsne.Embed(Groups(2, 5, 2), new TsneOptions { Iterations = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Tsne.Embed(Groups(2, 5, 2), null, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    });

    private static double Square(FeatureSet set, int i, int j) => set[i].ToArray().Zip(set[j].ToArray(), (a, b) => (a - b) * (a - b)).Sum();

    private static FeatureSet Groups(int groups, int each, int dimension)
    {
        var random = new PhiloxRandom(5);
        double[] values = [.. Enumerable.Range(0, groups * each * dimension).Select(i => (i / (each * dimension) * 8) + random.NextGaussian())];
        return new FeatureSet(values, groups * each, dimension);
    }
}
