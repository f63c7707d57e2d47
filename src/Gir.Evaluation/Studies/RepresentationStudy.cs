using System.Globalization;
using Gir.Degradations.Depth;
using Gir.Degradations;
using Gir.Imaging.Features;
using Gir.Imaging.Random;
using Gir.Imaging;
using Gir.Metrics.Analysis;

namespace Gir.Evaluation.Studies;

/// <summary>
/// Deep degradation representations (Liu, Liu, Gu, Dong: "Discovering Distinctive 'Semantics' in Super-Resolution Networks", 2021; section 6 of the GIR paper): the
/// same images under several degradations, described by a network's deep maps. Where the points cluster by degradation, the network treats the degradations apart, and
/// generalizes less to others.
/// </summary>
public static class RepresentationStudy
{
    /// <summary>The expression of no degradation.</summary>
    public const string Clean = "clean";

    /// <summary>Cuts the squares that are described; an image smaller than the square is refused.</summary>
    /// <param name="images">Clean images.</param>
    /// <param name="options">How; null means the defaults.</param>
    /// <exception cref="ArgumentException">There is no image, or one is too small.</exception>
    public static IReadOnlyList<ImageBuffer> Cut(IReadOnlyList<ImageBuffer> images, RepresentationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new();
        options.Validate();
        if (images.Count == 0)
            throw new ArgumentException("There are no images.", nameof(images));
        var cut = new List<ImageBuffer>(images.Count * options.Crops);
        for (int i = 0; i < images.Count; i++)
        {
            ImageBuffer image = images[i];
            if (image.Height < options.Side || image.Width < options.Side)
                throw new ArgumentException($"Image {i} is {image}; expected at least {options.Side} x {options.Side} pixels.", nameof(images));
            var random = new PhiloxRandom(Philox4x32.DeriveSeed(options.Seed, (ulong)i));
            for (int c = 0; c < options.Crops; c++)
                cut.Add(image.Crop(random.NextInteger(0, image.Height - options.Side), random.NextInteger(0, image.Width - options.Side), options.Side, options.Side));
        }

        return cut;
    }

    /// <summary>Describes squares by several layers, of which the network makes all in one run: each square is degraded and described once, however many layers are asked for.</summary>
    /// <param name="extractor">The network.</param>
    /// <param name="layers">Some of its layers, each once; at least one. Their averaged maps of all squares are held in memory together.</param>
    /// <param name="squares">Clean images of one size and number of channels, as <see cref="Cut"/> makes them; at least two.</param>
    /// <param name="options">How; null means the defaults.</param>
    /// <param name="progress">Is told the share that is done, 0..1; may be null.</param>
    /// <param name="cancellationToken">Stops the work between images.</param>
    /// <returns>The representation of each layer, in the order of <paramref name="layers"/>.</returns>
    /// <exception cref="ArgumentException">There is no such layer, one is named twice, the images differ in shape, or the network made NaN or infinity of one.</exception>
    /// <exception cref="GirException">A degradation cannot be read, or does not suit the images.</exception>
    public static IReadOnlyList<DegradationRepresentation> Describe(
        IFeatureExtractor extractor, IReadOnlyList<string> layers, IReadOnlyList<ImageBuffer> squares, RepresentationOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(squares);
        options ??= new();
        options.Validate();
        if (layers.Count == 0 || layers.Distinct(StringComparer.Ordinal).Count() < layers.Count)
            throw new ArgumentException($"There are {layers.Count} layers ({string.Join("; ", layers)}); expected at least one, all different.", nameof(layers));
        if (squares.Count < 2 || squares.Any(s => !s.HasShapeOf(squares[0])))
            throw new ArgumentException($"There are {squares.Count} images of {squares.Select(s => s.ToString()).Distinct().Count()} shapes; expected at least two of one.", nameof(squares));
        DegradationPipeline?[] pipelines = [.. options.Degradations.Select(d => d == Clean ? null : DegradationPipeline.Parse(d))];
        List<double[]>[] values = [.. layers.Select(_ => new List<double[]>())];
        var labels = new List<int>();
        for (int d = 0; d < pipelines.Length; d++)
        {
            for (int i = 0; i < squares.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ImageBuffer degraded = pipelines[d]?.Degrade(
                    squares[i], options.Seed, i.ToString(CultureInfo.InvariantCulture), estimator: new HeuristicDepthEstimator(), cancellationToken: cancellationToken) ?? squares[i];
                IReadOnlyList<ImageBuffer> maps = extractor.Extract(degraded, layers, cancellationToken);
                for (int l = 0; l < layers.Count; l++)
                    values[l].Add(Reduce(maps[l], options.Grid));
                labels.Add(d);
                progress?.Report((double)labels.Count / (pipelines.Length * squares.Count));
            }
        }

        var found = new List<DegradationRepresentation>();
        for (int l = 0; l < layers.Count; l++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Add(Compare(extractor.Name, layers[l], values[l], labels, squares.Count, options));
            values[l].Clear();
        }

        return found;
    }

    private static DegradationRepresentation Compare(string network, string layer, List<double[]> values, List<int> labels, int squares, RepresentationOptions options)
    {
        static FeatureSet Of(List<double[]> points) => new([.. points.SelectMany(p => p)], points.Count, points[0].Length);

        FeatureSet[] groups = [.. Enumerable.Range(0, options.Degradations.Count).Select(d => Of(values.GetRange(d * squares, squares)))];
        FeatureSet whole = Of(values);
        FeatureSet reduced = PrincipalComponents.Fit(whole, options.Components).Project(whole);
        double[] srga = [.. groups.Select((g, d) => d == 0 ? 0 : Srga.Compute(groups[0], g))];
        return new DegradationRepresentation(network, layer, options.Degradations, labels, reduced, CalinskiHarabasz.Compute(reduced, [.. labels]), srga);
    }

    // Means over cells of nearly equal size.
    internal static double[] Reduce(ImageBuffer map, int grid)
    {
        (int rows, int columns) = (Math.Min(grid, map.Height), Math.Min(grid, map.Width));
        var means = new double[map.Channels * rows * columns];
        for (int c = 0; c < map.Channels; c++)
        {
            for (int r = 0; r < rows; r++)
            {
                (int top, int bottom) = (r * map.Height / rows, (r + 1) * map.Height / rows);
                for (int k = 0; k < columns; k++)
                {
                    (int left, int right) = (k * map.Width / columns, (k + 1) * map.Width / columns);
                    double sum = 0;
                    for (int y = top; y < bottom; y++)
                    {
                        foreach (float value in map.Row(c, y)[left..right])
                            sum += value;
                    }

                    means[(((c * rows) + r) * columns) + k] = sum / ((bottom - top) * (right - left));
                }
            }
        }

        return means;
    }
}
