namespace Gir.Evaluation.Quality;

/// <summary>How a metric orders the variants of scenes that no model has learned from.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="NeedsReference">Whether it sees the reference.</param>
/// <param name="Sweeps">Share of sweeps' pairs that it orders by strength, of operators that were learned; 0..1.</param>
/// <param name="Unseen">The same of operators that were not learned.</param>
/// <param name="WithinScene">The mean over scenes of the rank correlation with the consensus of four full-reference metrics, over all variants of a scene.</param>
/// <param name="Operators">Share of pairs in order by sweep.</param>
public sealed record QualityGateRow(string Metric, bool NeedsReference, double Sweeps, double Unseen, double WithinScene, IReadOnlyDictionary<string, double> Operators);

/// <summary>What a learned model must reach before it ships, and how it did.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Scenes">Scenes it was tested on.</param>
/// <param name="Rows">The learned models first, then what they are compared with.</param>
public sealed record QualityGateReport(string Model, int Scenes, IReadOnlyList<QualityGateRow> Rows)
{
    /// <summary>The least share of sweeps' pairs in order: above it.</summary>
    public const double LeastSweeps = 0.95;

    /// <summary>Whether a learned model is above the least share, and before every metric without a reference in the mean correlation within scenes.</summary>
    /// <param name="metric">The model's row.</param>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    public bool IsMet(string metric)
    {
        QualityGateRow row = Rows.FirstOrDefault(r => r.Metric == metric) ?? throw new ArgumentException($"There is no row '{metric}'.", nameof(metric));
        return row.Sweeps > LeastSweeps && Rows.All(r => r.Metric.StartsWith("gir-iqa", StringComparison.Ordinal) || r.NeedsReference || r.WithinScene < row.WithinScene);
    }
}
