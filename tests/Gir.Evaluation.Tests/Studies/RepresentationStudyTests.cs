using Gir.Evaluation.Studies;
using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Random;
using Gir.Metrics.Analysis;

namespace Gir.Evaluation.Tests.Studies;

public sealed class RepresentationStudyTests
{
    private static readonly RepresentationOptions s_options = new() { Side = 16, Crops = 3, Grid = 4, Components = 5, Seed = 2 };

    [Test]
    public void Points_are_principal_components_of_the_layers_cells()
    {
        IReadOnlyList<ImageBuffer> squares = RepresentationStudy.Cut([Noise(1, 24, 20), Noise(2, 16, 16)], s_options);
        DegradationRepresentation found = RepresentationStudy.Describe(new Itself(), ["image"], squares, s_options with { Degradations = ["noise(sigma=20)", "clean"] })[0];
        Assert.That(squares, Has.Count.EqualTo(6));
        Assert.That((found.Network, found.Layer, found.Points.Count, found.Points.Dimension), Is.EqualTo(("itself", "image", 12, 5)));
        Assert.That(found.Labels, Is.EqualTo(new[] { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1 }));
        Assert.That(found.CalinskiHarabasz, Is.EqualTo(CalinskiHarabasz.Compute(found.Points, [.. found.Labels])));
        Assert.That(found.Srga[0], Is.Zero);
        Assert.That(found.Srga[1], Is.Positive);
        Assert.That(found.Plane(1).Dimension, Is.EqualTo(2));
    }

    [Test]
    public void Cells_are_means()
    {
        var map = new ImageBuffer(2, 3, 5, [.. Enumerable.Range(0, 30).Select(i => (float)i)]);
        Assert.That(RepresentationStudy.Reduce(map, 2), Is.EqualTo(new[] { 0.5, 3, 8, 10.5, 15.5, 18, 23, 25.5 }).Within(1e-12));
        Assert.That(RepresentationStudy.Reduce(map, 16), Is.EqualTo(map.Array));
    }

    [Test]
    public void What_degrades_more_clusters_more()
    {
        IReadOnlyList<ImageBuffer> squares = RepresentationStudy.Cut([Noise(1, 24, 20), Noise(2, 16, 16)], s_options);
        double Index(string degradation) =>
            RepresentationStudy.Describe(new Itself(), ["image"], squares, s_options with { Degradations = ["clean", degradation] })[0].CalinskiHarabasz;
        Assert.That(Index("haze(beta=2)"), Is.GreaterThan(2 * Index("noise(sigma=2)")));
    }

    [Test]
    public void Layers_together_are_what_each_is_alone_and_every_square_is_described_once()
    {
        IReadOnlyList<ImageBuffer> squares = RepresentationStudy.Cut([Noise(1, 24, 20), Noise(2, 16, 16)], s_options);
        var network = new Itself();
        IReadOnlyList<DegradationRepresentation> both = RepresentationStudy.Describe(network, ["negative", "image"], squares, s_options);
        Assert.That(network.Calls, Is.EqualTo(18));
        Assert.That(both.Select(b => b.Layer), Is.EqualTo(new[] { "negative", "image" }));
        foreach (DegradationRepresentation one in both)
        {
            DegradationRepresentation alone = RepresentationStudy.Describe(network, [one.Layer], squares, s_options)[0];
            Assert.That(one.Points.Values.ToArray(), Is.EqualTo(alone.Points.Values.ToArray()));
            Assert.That((one.CalinskiHarabasz, one.Srga), Is.EqualTo((alone.CalinskiHarabasz, alone.Srga)));
        }

        Assert.That(both[0].Points.Values.ToArray(), Is.Not.EqualTo(both[1].Points.Values.ToArray()));
    }

    [Test]
    public void A_seed_gives_one_result_and_progress_ends_at_one()
    {
        IReadOnlyList<ImageBuffer> squares = RepresentationStudy.Cut([Noise(1, 24, 20)], s_options);
        var shares = new List<double>();
        double[] Points(IProgress<double>? progress) => RepresentationStudy.Describe(new Itself(), ["image"], squares, s_options, progress)[0].Points.Values.ToArray();
        Assert.That(Points(new Told<double>(shares.Add)), Is.EqualTo(Points(null)));
        Assert.That(shares, Has.Count.EqualTo(9).And.Ordered.And.Some.EqualTo(1));
    }

    [Test]
    public void What_does_not_fit_is_refused() => Assert.Multiple(() =>
    {
        ImageBuffer[] two = [Noise(1, 16, 16), Noise(2, 16, 16)];
        Assert.That(() => RepresentationStudy.Cut([Noise(1, 24, 15)], s_options), Throws.ArgumentException.With.Message.Contains("3 x 24 x 15"));
        Assert.That(() => RepresentationStudy.Cut([], s_options), Throws.ArgumentException);
        Assert.That(() => RepresentationStudy.Describe(new Itself(), ["image"], [two[0]], s_options), Throws.ArgumentException.With.Message.Contains("at least two"));
        Assert.That(() => RepresentationStudy.Describe(new Itself(), [], two, s_options), Throws.ArgumentException.With.Message.Contains("at least one"));
        Assert.That(() => RepresentationStudy.Describe(new Itself(), ["image", "image"], two, s_options), Throws.ArgumentException.With.Message.Contains("image; image"));
        Assert.That(() => RepresentationStudy.Describe(new Itself(), ["image"], two, s_options with { Grid = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => RepresentationStudy.Describe(new Itself(), ["image"], two, s_options with { Degradations = ["clean", "clean"] }), Throws.ArgumentException.With.Message.Contains("all different"));
        Assert.That(() => RepresentationStudy.Describe(new Itself(), ["image"], two, s_options with { Degradations = ["clean", "fog"] }), Throws.InstanceOf<GirException>());
        Assert.That(() => RepresentationStudy.Describe(new Itself(), ["image"], two, s_options, null, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    });

    private static ImageBuffer Noise(ulong seed, int height, int width)
    {
        var image = new ImageBuffer(3, height, width);
        Philox4x32.FillUniform(image.Samples, seed);
        return image;
    }

    private sealed class Itself : IFeatureExtractor
    {
        public string Name => "itself";

        public FeatureInput Input { get; } = new();

        public IReadOnlyList<string> Layers => ["image", "negative"];

        public int Calls { get; private set; }

        public IReadOnlyList<ImageBuffer> Extract(ImageBuffer image, IReadOnlyList<string> layers, CancellationToken cancellationToken = default)
        {
            Calls++;
            return [.. layers.Select(l => l == "image" ? image : Negative(image))];
        }

        private static ImageBuffer Negative(ImageBuffer image) => new(image.Channels, image.Height, image.Width, [.. image.Array.Select(v => 1 - (v * v))]);
    }
}
