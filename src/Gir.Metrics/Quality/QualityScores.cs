namespace Gir.Metrics.Quality;

/// <summary>
/// What a <see cref="QualityModel"/> makes of an image, each 1 (worst) .. 5 (best). The poles and the scale are those of Yin et al., "How far have we gone in Generative Image
/// Restoration?" (2026); the numbers are measured proxies, and no score or model of that paper.
/// </summary>
/// <param name="Completeness">Nothing is missing.</param>
/// <param name="Conciseness">Nothing was added.</param>
/// <param name="Clarity">Nothing is blurred.</param>
/// <param name="Naturalness">Nothing is over-sharpened.</param>
/// <param name="Overall">The whole.</param>
public sealed record QualityScores(double Completeness, double Conciseness, double Clarity, double Naturalness, double Overall)
{
    /// <summary>How many scores there are.</summary>
    internal const int Count = 5;

    /// <summary>Where <see cref="Overall"/> stands among the model's outputs.</summary>
    internal const int OverallIndex = 4;

    /// <summary>Their names, in the order of a model's outputs.</summary>
    internal static readonly string[] Names = ["completeness", "conciseness", "clarity", "naturalness", "overall"];

    internal static QualityScores Of(ReadOnlySpan<double> values) => new(values[0], values[1], values[2], values[3], values[OverallIndex]);
}
