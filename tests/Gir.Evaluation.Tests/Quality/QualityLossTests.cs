using Gir.Evaluation.Quality;
using Gir.Models.Tensors;
using MathNet.Numerics;

namespace Gir.Evaluation.Tests.Quality;

/// <summary>The losses of learned quality models against double precision, and their gradients against finite differences.</summary>
[TestFixture]
public class QualityLossTests
{
    // Keeps roots' slopes finite, as in the loss.
    private const double Epsilon = 1e-6;
    private const double Step = 1e-5;

    private static readonly double[] s_differences = [-3.5, -0.4, 0, 0.1, 0.9, 4];
    private static readonly double[] s_probabilities = [1, 0.5, 1, 0, 0.8, 1];

    [TestCase(0.5)]
    [TestCase(1)]
    public void Fidelity_and_its_gradient_are_those_of_the_formula(double spread)
    {
        Tensor differences = Single(s_differences, [s_differences.Length]);
        differences.RequiresGradient = true;
        Tensor loss = QualityLoss.Fidelity(differences, Single(s_probabilities, [s_probabilities.Length]), spread);
        loss.Backward();
        Assert.That(loss.Item(), Is.EqualTo(Fidelity(s_differences, spread)).Within(2e-6));
        AssertGradient(differences, s_differences, d => Fidelity(d, spread), 2e-4);
    }

    [Test]
    public void Fidelity_of_a_pair_that_nobody_can_tell_is_known() =>
        Assert.That(QualityLoss.Fidelity(Single([0], [1]), Single([1], [1]), 1).Item(), Is.EqualTo(1 - Math.Sqrt(0.5 + Epsilon) - Math.Sqrt(Epsilon)).Within(1e-6));

    [Test]
    public void Divergence_and_its_gradient_are_those_of_the_formula()
    {
        double[] logits = [.. Enumerable.Range(0, 50).Select(i => Math.Sin(i * 1.7) * 2)];
        var labels = new float[50];
        for (int i = 0; i < 10; i++)
            QualityLabels.Soften(1 + (i * 0.44), labels.AsSpan(5 * i, 5));
        Tensor input = Single(logits, [2, 25]);
        input.RequiresGradient = true;
        Tensor loss = QualityLoss.Divergence(input, Tensor.From(labels, [2, 25]));
        loss.Backward();
        Assert.That(loss.Item(), Is.EqualTo(Divergence(logits, labels)).Within(2e-6));
        AssertGradient(input, logits, l => Divergence(l, labels), 2e-4);
    }

    [Test]
    public void Scores_are_softmax_means_of_the_levels()
    {
        double[] logits = [.. Enumerable.Range(0, 25).Select(i => Math.Cos(i * 2.3) * 3)];
        float[] scores = QualityLoss.Scores(Single(logits, [1, 25])).ToArray();
        for (int score = 0; score < 5; score++)
        {
            double[] weights = [.. logits.Skip(5 * score).Take(5).Select(Math.Exp)];
            Assert.That(scores[score], Is.EqualTo(weights.Select((w, i) => w * (i + 1)).Sum() / weights.Sum()).Within(1e-5));
        }
    }

    [TestCase(1, 1f, 0f, 0f, 0f, 0f)]
    [TestCase(2.25, 0f, 0.75f, 0.25f, 0f, 0f)]
    [TestCase(5, 0f, 0f, 0f, 0f, 1f)]
    public void A_soft_label_has_its_level_as_mean(double level, params float[] expected)
    {
        var shares = new float[5];
        QualityLabels.Soften(level, shares);
        Assert.That(shares, Is.EqualTo(expected));
    }

    private static double Fidelity(double[] differences, double spread)
    {
        double sum = 0;
        foreach ((double difference, double p) in differences.Zip(s_probabilities))
        {
            double q = 0.5 * (1 + SpecialFunctions.Erf(difference / (2 * spread)));
            sum += 1 - Math.Sqrt((p * q) + Epsilon) - Math.Sqrt(((1 - p) * (1 - q)) + Epsilon);
        }

        return sum / differences.Length;
    }

    private static double Divergence(double[] logits, float[] labels)
    {
        double sum = 0;
        for (int start = 0; start < logits.Length; start += 5)
        {
            double total = logits.Skip(start).Take(5).Sum(Math.Exp);
            for (int i = start; i < start + 5; i++)
                sum += labels[i] > 0 ? labels[i] * Math.Log(labels[i] / (Math.Exp(logits[i]) / total)) : 0;
        }

        return sum / (logits.Length / 5);
    }

    private static void AssertGradient(Tensor input, double[] at, Func<double[], double> loss, double tolerance)
    {
        float[] gradient = input.Gradient!.ToArray();
        for (int i = 0; i < at.Length; i++)
        {
            (double[] up, double[] down) = ([.. at], [.. at]);
            (up[i], down[i]) = (at[i] + Step, at[i] - Step);
            Assert.That(gradient[i], Is.EqualTo((loss(up) - loss(down)) / (2 * Step)).Within(tolerance), $"element {i}");
        }
    }

    private static Tensor Single(double[] values, TensorShape shape) => Tensor.From([.. values.Select(v => (float)v)], shape);
}
