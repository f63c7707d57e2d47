using Gir.Metrics.Quality;

namespace Gir.Metrics.Tests.Quality;

/// <summary>The file of a learned quality model, and what a model computes.</summary>
[TestFixture]
public class QualityModelTests
{
    private const int Features = 89;
    private const int Outputs = 25;

    [Test]
    public void A_models_scores_are_softmax_means_of_its_logits()
    {
        // One hidden unit of each layer passes feature 3 on; the outputs see it with weights of their own.
        byte[] file = Model(
            ([.. Enumerable.Range(0, Features).Select(i => i == 3 ? 1f : 0)], [0f]),
            ([1f], [0.5f]),
            ([.. Enumerable.Range(0, Outputs).Select(i => (float)(i % 7))], [.. Enumerable.Range(0, Outputs).Select(i => i == 0 ? 2f : 0)]));
        var features = new double[Features];
        features[3] = 1 + (2 * 0.75);
        QualityScores scores = QualityModel.Read(file, "test").Score(features);

        double hidden = Gelu(Gelu(0.75) + 0.5);
        double[] expected = [.. Enumerable.Range(0, 5).Select(score =>
        {
            double[] weights = [.. Enumerable.Range(5 * score, 5).Select(i => Math.Exp((i % 7 * hidden) + (i == 0 ? 2 : 0)))];
            return weights.Select((w, level) => w * (level + 1)).Sum() / weights.Sum();
        })];
        double[] actual = [scores.Completeness, scores.Conciseness, scores.Clarity, scores.Naturalness, scores.Overall];
        Assert.That(actual, Is.EqualTo(expected).Within(1e-9));
    }

    [Test]
    public void A_feature_that_is_missing_counts_as_the_mean_and_an_extreme_one_is_bounded()
    {
        QualityModel model = QualityModel.Read(Model(
            ([.. Enumerable.Repeat(0.5f, Features)], [0f]), ([1f], [0f]), ([.. Enumerable.Range(0, Outputs).Select(i => (float)i)], new float[Outputs])), "test");
        double[] mean = [.. Enumerable.Repeat(1.0, Features)];
        double[] missing = [.. mean];
        missing[10] = double.NaN;
        Assert.That(model.Score(missing), Is.EqualTo(model.Score(mean)));
        (double[] far, double[] further) = ([.. mean], [.. mean]);
        (far[10], further[10]) = (1 + (2 * 6), double.PositiveInfinity);
        Assert.That(model.Score(further), Is.EqualTo(model.Score(far)).And.Not.EqualTo(model.Score(mean)));
    }

    [Test]
    public void A_damaged_file_is_refused_whatever_is_missing()
    {
        byte[] file = Plain();
        for (int length = 0; length < file.Length; length += length < 700 ? 1 : 13)
            Assert.That(() => QualityModel.Read(file[..length], "half.bin"), Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("half.bin"), $"{length} bytes");
        Assert.That(() => QualityModel.Read([.. file, 0], "long.bin"), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("after its end"));
    }

    [Test]
    public void Numbers_that_no_model_has_are_refused()
    {
        Assert.That(() => QualityModel.Read(Plain(deviation: 0), "x"), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("not above 0"));
        Assert.That(() => QualityModel.Read(Plain(deviation: float.NaN), "x"), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("not finite"));
        byte[] wide = Model(([.. Enumerable.Repeat(0f, 2000 * Features)], new float[2000]), (new float[2000], [0f]), (new float[Outputs], new float[Outputs]));
        Assert.That(() => QualityModel.Read(wide, "x"), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("2000 outputs"));
        byte[] short3 = Model((new float[Features], [0f]), ([1f], [0f]), (new float[24], new float[24]));
        Assert.That(() => QualityModel.Read(short3, "x"), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("24 outputs; expected 25"));
        Assert.That(() => QualityModel.Read(Plain(), "x").Score(new double[5]), Throws.ArgumentException.With.Message.Contains("89"));
    }

    [Test]
    public void A_model_is_only_taken_for_its_own_features()
    {
        QualityModel model = QualityModel.Read(Plain(), "x");
        Assert.That(model.Features, Is.EqualTo(QualityFeatureSet.NoReference));
        Assert.That(new LearnedQuality(model).Name, Is.EqualTo("gir-iqa-nr"));
        Assert.That(() => new LearnedQualityAgainstReference(model), Throws.ArgumentException);
    }

    private static double Gelu(double x) => 0.5 * x * (1 + MathNet.Numerics.SpecialFunctions.Erf(x / Math.Sqrt(2)));

    private static byte[] Plain(float deviation = 2) =>
        Model(deviation, (new float[Features], [0f]), ([1f], [0f]), (new float[Outputs], new float[Outputs]));

    private static byte[] Model(params (float[] Weights, float[] Biases)[] layers) => Model(2, layers);

    private static byte[] Model(float deviation, params (float[] Weights, float[] Biases)[] layers)
    {
        using var stream = new MemoryStream();
        QualityModel.Write(stream, "test", QualityFeatureSet.NoReference, [.. Enumerable.Repeat(1f, Features)], [.. Enumerable.Repeat(deviation, Features)], layers);
        return stream.ToArray();
    }
}
