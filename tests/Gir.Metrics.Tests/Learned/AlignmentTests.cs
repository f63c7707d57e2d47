using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Metrics.Learned;

namespace Gir.Metrics.Tests.Learned;

/// <summary>Alignment against the goldens, whose features a made-up network hands out.</summary>
public sealed class AlignmentTests
{
    private static readonly SafeTensors s_golden = SafeTensors.Load(TestData.Golden("cldm", "ops.safetensors"));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void The_cosine_of_descriptors(int image)
    {
        AlignmentScores scores = Measure("alignment", image, new SemanticsCalibration("given", "features", 0, 0.25));
        double expected = s_golden.Doubles("alignment.out")[image];
        Assert.That(scores.Cosine, Is.EqualTo(expected).Within(Tolerance("alignment")));
        Assert.That(scores.Calibrated, Is.EqualTo((expected - 0.25) / 0.75).Within(Tolerance("alignment") / 0.75));
        Assert.That(scores.Deviation, Is.EqualTo(1 - scores.Calibrated));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void The_map_of_cosines_and_its_mean(int image)
    {
        AlignmentScores scores = Measure("alignment_map", image, new SemanticsCalibration("given", "features", 0.5, 0.5));
        Assert.That(scores.Local, Is.EqualTo(s_golden.Doubles("alignment_map.out")[image]).Within(Tolerance("alignment_map")));
        Assert.That((scores.Map.Channels, scores.Map.Height, scores.Map.Width), Is.EqualTo((1, 4, 5)));
        Assert.That(scores.Map.Array, Is.EqualTo(s_golden.Doubles("alignment_map.out.1")[(image * 20)..((image + 1) * 20)]).Within(Tolerance("alignment_map")));
    }

    [Test]
    public void It_is_not_clamped_and_says_what_it_is()
    {
        var network = new Given(Features("alignment", "a", 0), Features("alignment", "b", 0));
        double cosine = s_golden.Doubles("alignment.out")[0];
        var alignment = new Alignment(network, new SemanticsCalibration("given", "features", 0, 0.9));
        Assert.That(cosine, Is.LessThan(0.9));
        MetricScore score = alignment.Measure(Picture(0), Picture(1));
        Assert.That(score.Value, Is.Negative.And.EqualTo((cosine - 0.9) / 0.1).Within(1e-4));
        Assert.That((score.Metric, score.HigherIsBetter, score.Model), Is.EqualTo(("alignment", true, "given")));
        Assert.That(alignment.Measure(Picture(0), Picture(0)).Value, Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void What_does_not_fit_is_refused() => Assert.Multiple(() =>
    {
        var network = new Given(Picture(0), Picture(1));
        var fine = new SemanticsCalibration("given", "features", 0.5, 0.6);
        Assert.That(() => new Alignment(network, fine with { Extractor = "vgg16" }), Throws.ArgumentException.With.Message.Contains("vgg16"));
        Assert.That(() => new Alignment(network, fine with { Layer = "other" }), Throws.ArgumentException.With.Message.Contains("features"));
        Assert.That(() => new Alignment(network, fine with { Global = 1 }), Throws.ArgumentException.With.Message.Contains("below 1"));
        Assert.That(() => new Alignment(network, fine, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Alignment(network, fine).Measure(Picture(0), new ImageBuffer(3, 5, 4)), Throws.ArgumentException.With.Message.Contains("same shape"));
    });

    private static double Tolerance(string name) => JsonDocument.Parse(s_golden.Metadata["entries"]).RootElement.GetProperty(name).GetProperty("tolerance").GetDouble();

    private static AlignmentScores Measure(string golden, int image, SemanticsCalibration calibration) =>
        new Alignment(new Given(Features(golden, "a", image), Features(golden, "b", image)), calibration).MeasureAll(Picture(0), Picture(1));

    private static ImageBuffer Features(string golden, string of, int image)
    {
        int[] shape = s_golden.Shape($"{golden}.in.{of}");
        (int height, int width) = shape.Length == 2 ? (1, 1) : (shape[2], shape[3]);
        int length = shape[1] * height * width;
        return new ImageBuffer(shape[1], height, width, s_golden.Floats($"{golden}.in.{of}")[(image * length)..((image + 1) * length)]);
    }

    private static ImageBuffer Picture(float level)
    {
        var picture = new ImageBuffer(3, 4, 4);
        picture.Samples.Fill(level);
        return picture;
    }

    /// <summary>Features for a black and for a white picture.</summary>
    private sealed class Given(ImageBuffer black, ImageBuffer white) : IFeatureExtractor
    {
        public string Name => "given";

        public FeatureInput Input { get; } = new();

        public IReadOnlyList<string> Layers => ["features"];

        public IReadOnlyList<ImageBuffer> Extract(ImageBuffer image, IReadOnlyList<string> layers, CancellationToken cancellationToken = default) => [image.Array[0] == 0 ? black : white];
    }
}
