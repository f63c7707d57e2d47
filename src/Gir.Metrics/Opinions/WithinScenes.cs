using Gir.Metrics.Analysis;

namespace Gir.Metrics.Opinions;

/// <summary>Agreement of every scene for itself, and its mean over a resample of the scenes.</summary>
internal sealed class WithinScenes
{
    private const int FewestImages = 3;

    private readonly (int Block, double Srcc, double Krcc, double Plcc)[] _scenes;

    public WithinScenes(double[] x, double[] y, SceneBlocks blocks)
    {
        var scenes = new List<(int, double, double, double)>();
        for (int s = 0; s < blocks.Scenes; s++)
        {
            Range images = blocks.SceneStarts[s]..blocks.SceneStarts[s + 1];
            ReadOnlySpan<double> scores = x.AsSpan(images);
            ReadOnlySpan<double> opinions = y.AsSpan(images);
            if (scores.Length < FewestImages || !scores.ContainsAnyExcept(scores[0]) || !opinions.ContainsAnyExcept(opinions[0]))
                continue;
            scenes.Add((blocks.SceneBlock[s], Correlation.Spearman(scores, opinions), Correlation.Kendall(scores, opinions), Correlation.Pearson(scores, opinions)));
        }

        _scenes = [.. scenes];
    }

    public int Count => _scenes.Length;

    /// <summary>Means over the scenes of blocks drawn so often.</summary>
    public (double Srcc, double Krcc, double Plcc) Mean(ReadOnlySpan<double> weights)
    {
        (double sum, double srcc, double krcc, double plcc) = (0, 0, 0, 0);
        foreach ((int block, double s, double k, double p) in _scenes)
        {
            double weight = weights[block];
            sum += weight;
            srcc += weight * s;
            krcc += weight * k;
            plcc += weight * p;
        }

        return (srcc / sum, krcc / sum, plcc / sum);
    }
}
