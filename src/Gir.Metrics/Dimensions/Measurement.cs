using Gir.Imaging;

namespace Gir.Metrics.Dimensions;

/// <summary>What was measured in every block of a pair of images.</summary>
internal sealed class Measurement
{
    private readonly BlockGrid _grid;
    private readonly AffineFit _fit;
    private readonly BlockDetail[] _details;
    private readonly BlockEdges[] _edges;

    private Measurement(BlockGrid grid, AffineFit fit, BlockDetail[] details, BlockEdges[] edges) =>
        (_grid, _fit, _details, _edges) = (grid, fit, details, edges);

    /// <summary>Measures a pair; what is not asked for stays 0.</summary>
    public static Measurement Of(DimensionMeter meter, ImageBuffer reference, ImageBuffer result, bool detail, bool sharpness, Parallelism parallelism)
    {
        meter.Needs.Check(reference, result);
        DimensionOptions options = meter.Options;
        using var x = new ScaleSpace(reference, options.Crop, parallelism);
        using var r = new ScaleSpace(result, options.Crop, parallelism);
        var grid = new BlockGrid(x[0].Height, x[0].Width);
        AffineFit fit = options.Affine ? AffineFit.Of(x[ScaleSpace.Count - 1], r[ScaleSpace.Count - 1], parallelism) : AffineFit.None;
        Shift[]? shifts = options.Search ? new Shift[grid.Count] : null;
        if (shifts is not null)
            parallelism.For(grid.Count, 64, new BlockSearch(grid, x[1], r[1], fit, shifts));
        var details = new BlockDetail[grid.Count];
        if (detail)
            parallelism.For(grid.Count, 64, new BandBlocks(grid, x, r, fit.Gain, shifts, details));
        var edges = new BlockEdges[grid.Count];
        if (sharpness)
        {
            ImageBuffer smooth = x.ToEdges(parallelism);
            ImageBuffer energies = x[2];
            StrongEdges.Measure(smooth, energies, parallelism);
            parallelism.For(
                grid.Count, 64, new EdgeBlocks(grid, smooth, r.ToEdges(parallelism), energies, StrongEdges.Threshold(energies), shifts, edges));
        }

        return new Measurement(grid, fit, details, edges);
    }

    /// <summary>The numbers of the whole image.</summary>
    public DimensionScores Scores()
    {
        (double missing, double votes, double added, double pixels) = (0, 0, 0, 0);
        (double own, double common) = (0, 0);
        for (int i = 0; i < _grid.Count; i++)
        {
            int weight = _grid[i].Pixels;
            missing += weight * _details[i].Missing;
            votes += weight * _details[i].Votes;
            added += weight * _details[i].Over;
            pixels += weight;
            own += _edges[i].Own;
            common += _edges[i].Common;
        }

        double gain = Gain(new BlockEdges(own, common));
        return new DimensionScores(votes > 0 ? missing / votes : 0, added / pixels, DimensionMeter.Sharpness(gain), gain, _fit.Gain, _fit.Offset);
    }

    /// <summary>The same, block by block.</summary>
    public DimensionMaps Maps() => new(
        Map(i => _details[i].Under),
        Map(i => _details[i].Over),
        Map(i => 3 * (_details[i].Over - _details[i].Under)),
        Map(i => DimensionMeter.Sharpness(Gain(_edges[i]))));

    private double Gain(BlockEdges edges) => edges.Own > 0 ? _fit.Gain * (edges.Common / edges.Own) : 1;

    private ImageBuffer Map(Func<int, double> value)
    {
        var map = new ImageBuffer(1, _grid.Rows, _grid.Columns);
        for (int i = 0; i < _grid.Count; i++)
            map.Samples[i] = (float)value(i);
        return map;
    }
}
