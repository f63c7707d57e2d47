using Gir.Metrics.Analysis;
using Gir.Metrics.NoReference;
using Gir.Metrics.Quality;

namespace Gir.Evaluation.Quality;

/// <summary>Tests learned models on scenes that they have not seen.</summary>
internal static class QualityGate
{
    // What a metric cannot measure counts as worst.
    private const double Worst = -1e9;

    private static readonly (string Name, int Sign)[] s_compared = [("psnr", 1), ("ssim", 1), ("ms-ssim", 1), ("gmsd", -1), ("vif", 1), ("fsim", 1)];
    private static readonly string[] s_rivals = ["niqe", "piqe"];

    /// <summary>Judges.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="models">One or both forms of the model.</param>
    /// <param name="brisque">BRISQUE's regression.</param>
    /// <param name="variants">The variants of each scene.</param>
    /// <param name="scenes">The scenes, whose rows end with NIQE and PIQE.</param>
    public static QualityGateReport Judge(
        string name, IReadOnlyList<QualityModel> models, BrisqueModel brisque, IReadOnlyList<QualityVariant> variants, IReadOnlyList<QualityScene> scenes)
    {
        IReadOnlyList<string> names = QualityFeatures.Names(QualityFeatureSet.FullReference);
        int firstBrisque = Column("brisque0");
        var rows = new List<QualityGateRow>();
        foreach (QualityModel model in models)
        {
            bool needsReference = model.Features == QualityFeatureSet.FullReference;
            int count = QualityFeatures.Names(model.Features).Count;
            rows.Add(Row(needsReference ? "gir-iqa-fr" : "gir-iqa-nr", needsReference, row => model.Score(row.AsSpan(0, count)).Overall));
        }

        foreach ((int index, string rival) in s_rivals.Index())
            rows.Add(Row(rival, false, row => -row[names.Count + index]));
        rows.Add(Row("brisque (retrained)", false, row => -brisque.Predict(row.AsSpan(firstBrisque, Brisque.FeatureCount))));
        foreach ((string compared, int sign) in s_compared)
        {
            int column = Column(compared);
            rows.Add(Row(compared, true, row => sign * row[column]));
        }

        return new QualityGateReport(name, scenes.Count, rows);

        int Column(string feature) => names.Index().First(f => f.Item == feature).Index;

        QualityGateRow Row(string metric, bool needsReference, Func<double[], double> score) => Measure(metric, needsReference, variants, scenes, score);
    }

    /// <summary>One metric's row.</summary>
    /// <param name="metric">Its name.</param>
    /// <param name="needsReference">Whether it sees the reference.</param>
    /// <param name="variants">The variants of each scene.</param>
    /// <param name="scenes">The scenes.</param>
    /// <param name="score">The metric of a row, more is better.</param>
    internal static QualityGateRow Measure(
        string metric, bool needsReference, IReadOnlyList<QualityVariant> variants, IReadOnlyList<QualityScene> scenes, Func<double[], double> score)
    {
        var labels = new QualityLabels();
        var sweeps = new OrderedDictionary<string, Count>(StringComparer.Ordinal);
        double correlations = 0;
        foreach (QualityScene scene in scenes)
        {
            double[] scores = [.. scene.Rows.Select(row => score(row) is var value && double.IsFinite(value) ? value : Worst)];
            for (int a = 0; a < variants.Count; a++)
            {
                for (int b = 0; b < variants.Count; b++)
                {
                    if (!variants[a].IsSweep || (variants[a].Kind, variants[a].Group) != (variants[b].Kind, variants[b].Group) || variants[a].Step >= variants[b].Step)
                        continue;
                    Count count = sweeps.GetValueOrDefault(SweepName(variants[a]));
                    sweeps[SweepName(variants[a])] = new Count(count.Ordered + (scores[a] > scores[b] ? 1 : 0), count.All + 1, variants[a].Kind == QualityVariantKind.Unseen);
                }
            }

            correlations += Correlation.Spearman(scores, [.. scene.Rows.Select(row => labels.Consensus(row))]);
        }

        return new QualityGateRow(
            metric,
            needsReference,
            Share(sweeps.Values.Where(c => !c.IsUnseen)),
            Share(sweeps.Values.Where(c => c.IsUnseen)),
            correlations / scenes.Count,
            new OrderedDictionary<string, double>(sweeps.Select(s => KeyValuePair.Create(s.Key, Share([s.Value]))), StringComparer.Ordinal));
    }

    private static string SweepName(QualityVariant variant) => variant.Id[..variant.Id.LastIndexOf('=')];

    private static double Share(IEnumerable<Count> counts)
    {
        (int ordered, int all) = (0, 0);
        foreach (Count count in counts)
            (ordered, all) = (ordered + count.Ordered, all + count.All);
        return all == 0 ? double.NaN : (double)ordered / all;
    }

    private readonly record struct Count(int Ordered, int All, bool IsUnseen);
}
