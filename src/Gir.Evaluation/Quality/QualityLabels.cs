using Gir.Metrics.Dimensions;
using Gir.Metrics.Quality;

namespace Gir.Evaluation.Quality;

/// <summary>What synthetic pictures are labeled with: levels of 1 (worst) .. 5 (best), made of full-reference measurements; nobody's opinion.</summary>
internal sealed class QualityLabels
{
    private const double WorstShare = 0.6;

    private readonly int _fsim = Column("fsim");
    private readonly int _gmsd = Column("gmsd");
    private readonly int _vif = Column("vif");
    private readonly int _msSsim = Column("ms-ssim");
    private readonly int _under = Column("under");
    private readonly int _over = Column("over");
    private readonly int _gain = Column("edge-gain");

    /// <summary>The levels of a row of features with a reference, in the order of <see cref="QualityScores.Names"/>.</summary>
    public double[] Of(ReadOnlySpan<double> row)
    {
        double sharpness = DimensionMeter.Sharpness(row[_gain]);
        return
        [
            5 - (4 * Math.Min(1, row[_under] / WorstShare)),
            5 - (4 * Math.Min(1, row[_over] / WorstShare)),
            5 + (4 * Math.Min(0, sharpness) / 3),
            5 - (4 * Math.Max(0, sharpness) / 3),
            Consensus(row),
        ];
    }

    /// <summary>1..5: the mean of FSIM from 0.5 on, MS-SSIM from 0.3 on, VIF, and GMSD from 0.35 down.</summary>
    public double Consensus(ReadOnlySpan<double> row)
    {
        double sum = Share((row[_fsim] - 0.5) / 0.5) + Share((row[_msSsim] - 0.3) / 0.7) + Share(row[_vif]) + Share(1 - (row[_gmsd] / 0.35));
        return 1 + sum;
    }

    /// <summary>Whether FSIM, GMSD and VIF all say, by a margin, that the first is better.</summary>
    public bool AgreeOn(ReadOnlySpan<double> better, ReadOnlySpan<double> worse) =>
        better[_fsim] - worse[_fsim] > 0.005 && worse[_gmsd] - better[_gmsd] > 0.003 && better[_vif] - worse[_vif] > 0.01;

    /// <summary>A level as shares of the five: between two neighbors linearly, so that their mean is the level.</summary>
    public static void Soften(double level, Span<float> shares)
    {
        shares.Clear();
        int lower = Math.Clamp((int)Math.Floor(level), 1, shares.Length - 1);
        double upper = Math.Clamp(level - lower, 0, 1);
        shares[lower - 1] = (float)(1 - upper);
        shares[lower] = (float)upper;
    }

    private static double Share(double value) => Math.Clamp(value, 0, 1);

    private static int Column(string name) => QualityFeatures.Names(QualityFeatureSet.FullReference).Index().First(f => f.Item == name).Index;
}
