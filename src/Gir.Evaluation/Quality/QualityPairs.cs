using Gir.Metrics.Quality;

namespace Gir.Evaluation.Quality;

/// <summary>Two variants of one scene of which the first is better.</summary>
/// <param name="Better">Its row.</param>
/// <param name="Worse">Its row.</param>
/// <param name="Output">In which score.</param>
internal readonly record struct QualityPair(int Better, int Worse, int Output);

/// <summary>The pairs of all scenes, in classes that are drawn equally often.</summary>
/// <param name="Sweeps">A sweep's weaker step before its stronger one, in the overall score.</param>
/// <param name="Agreed">Other pairs that three full-reference metrics agree on, in the overall score.</param>
/// <param name="Poles">Pairs of one-sided sweeps, in their side's score.</param>
internal sealed record QualityPairs(IReadOnlyList<QualityPair> Sweeps, IReadOnlyList<QualityPair> Agreed, IReadOnlyList<QualityPair> Poles)
{
    private const int Completeness = 0;
    private const int Conciseness = 1;
    private const int Clarity = 2;
    private const int Naturalness = 3;

    /// <summary>The classes.</summary>
    public IReadOnlyList<IReadOnlyList<QualityPair>> Classes { get; } = [.. new[] { Sweeps, Agreed, Poles }.Where(c => c.Count > 0)];

    /// <summary>Finds all pairs; rows are counted scene after scene.</summary>
    public static QualityPairs Of(IReadOnlyList<QualityVariant> variants, IReadOnlyList<QualityScene> scenes)
    {
        var labels = new QualityLabels();
        (List<QualityPair> sweeps, List<QualityPair> agreed, List<QualityPair> poles) = ([], [], []);
        foreach ((int scene, QualityScene of) in scenes.Index())
        {
            int first = scene * variants.Count;
            for (int a = 0; a < variants.Count; a++)
            {
                for (int b = 0; b < variants.Count; b++)
                {
                    bool isTogether = (variants[a].Kind, variants[a].Group) == (variants[b].Kind, variants[b].Group);
                    bool isSweep = variants[a].IsSweep && isTogether;
                    if (isTogether && variants[a].Step < variants[b].Step)
                        poles.AddRange(Sides(variants[a]).Select(output => new QualityPair(first + a, first + b, output)));
                    if (isSweep && variants[a].Step < variants[b].Step)
                        sweeps.Add(new QualityPair(first + a, first + b, QualityScores.OverallIndex));
                    else if (!isSweep && labels.AgreeOn(of.Rows[a], of.Rows[b]))
                        agreed.Add(new QualityPair(first + a, first + b, QualityScores.OverallIndex));
                }
            }
        }

        return new QualityPairs(sweeps, agreed, poles);
    }

    /// <summary>In which scores a one-sided sweep is ordered: compression takes detail away and does not soften edges alike.</summary>
    private static int[] Sides(QualityVariant variant) => variant.Kind switch
    {
        QualityVariantKind.Missing => variant.Id.StartsWith("blur", StringComparison.Ordinal) || variant.Id.StartsWith("resize", StringComparison.Ordinal) ? [Completeness, Clarity] : [Completeness],
        QualityVariantKind.Added or QualityVariantKind.Mixed => [Conciseness],
        QualityVariantKind.Sharpened => variant.Id.StartsWith("unsharp", StringComparison.Ordinal) ? [Naturalness] : [],
        _ => [],
    };
}
