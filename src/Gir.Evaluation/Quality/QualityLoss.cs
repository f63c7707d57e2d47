using Gir.Metrics.Quality;
using Gir.Models.Tensors;

namespace Gir.Evaluation.Quality;

/// <summary>
/// The losses of learned quality models, as DeQA-Score (You et al., 2025): fidelity on pairs (Tsai et al.: "FRank", 2007) and the Kullback-Leibler divergence to soft labels.
/// </summary>
internal static class QualityLoss
{
    // Keeps the roots' slopes finite.
    private const float Epsilon = 1e-6f;

    private static readonly float[] s_levels = [.. Enumerable.Range(1, QualityModel.Levels).Select(level => (float)level)];

    /// <summary>Scores [n, scores] of logits [n, scores x levels]: a softmax over levels dotted with 1..5.</summary>
    public static Tensor Scores(Tensor logits)
    {
        Tensor shares = logits.Reshape(logits.Shape[0], QualityScores.Count, QualityModel.Levels).Softmax(2);
        return (shares * Tensor.From(s_levels, [QualityModel.Levels])).Sum([2], keepDimensions: false);
    }

    /// <summary>The mean over pairs of 1 - sqrt(p q) - sqrt((1 - p)(1 - q)), with q = Phi((a - b) / (spread sqrt 2)).</summary>
    /// <param name="differences">a - b of the predicted scores, [n].</param>
    /// <param name="probabilities">p, that the first is better, [n].</param>
    /// <param name="spread">The deviation of a predicted score.</param>
    public static Tensor Fidelity(Tensor differences, Tensor probabilities, double spread)
    {
        // Phi(x) = (1 + erf(x / sqrt 2)) / 2.
        Tensor q = ((differences * (float)(1 / (2 * spread))).Erf() * 0.5f) + 0.5f;
        Tensor agreeing = ((probabilities * q) + Epsilon).Sqrt() + (((1 - probabilities) * (1 - q)) + Epsilon).Sqrt();
        return (1 - agreeing).Mean();
    }

    /// <summary>The mean over rows and scores of the divergence from soft labels.</summary>
    /// <param name="logits">[n, scores x levels].</param>
    /// <param name="labels">Shares of the levels, [n, scores x levels], summing to 1 for each score.</param>
    public static Tensor Divergence(Tensor logits, Tensor labels)
    {
        int rows = logits.Shape[0];
        Tensor logarithms = logits.Reshape(rows, QualityScores.Count, QualityModel.Levels).LogSoftmax(2);
        double entropy = 0;
        foreach (float share in labels.ToArray())
            entropy += share > 0 ? share * Math.Log(share) : 0;
        Tensor crossed = (logarithms * labels.Reshape(rows, QualityScores.Count, QualityModel.Levels)).Sum();
        return (float)(entropy / (rows * QualityScores.Count)) - (crossed * (1f / (rows * QualityScores.Count)));
    }
}
