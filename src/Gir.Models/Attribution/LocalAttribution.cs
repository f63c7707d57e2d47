using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Restoration;

namespace Gir.Models.Attribution;

/// <summary>
/// Tells which pixels of an input a network used for a window of its result, by gradients of an edge detector on the window (Gu, Dong: "Interpreting Super-Resolution Networks
/// with Local Attribution Maps", CVPR 2021; section 6 of the GIR paper). How widely the map spreads is its diffusion index.
/// </summary>
/// <remarks>
/// The network sees the image whole, not in tiles; memory is that of a training step on as many images of the path as have 256 x 256 pixels together, at least one. Safe for
/// concurrent use on one network: its parameters take no part. Values depend neither on threads nor on how many points run at a time, up to rounding (1e-5).
/// </remarks>
public static class LocalAttribution
{
    // Numbers of pixels pass through single precision.
    private const int MostPixels = 1 << 24;
    private const int PixelsAtOnce = 256 * 256;

    /// <summary>Explains a window of what a restorer makes of an image.</summary>
    /// <param name="restorer">A restorer that is one network.</param>
    /// <param name="image">The degraded image, 1 (gray) or 3 (RGB) channels of samples in [0, 1].</param>
    /// <param name="window">Part of the result, in its pixels; null means all of it.</param>
    /// <param name="options">How; null means the defaults.</param>
    /// <param name="progress">Is told the share of the path that is done, 0..1; may be null.</param>
    /// <param name="cancellationToken">Stops the work between points of the path.</param>
    /// <exception cref="ArgumentException">The restorer is no network, the image has other channels or is too large, or the window is not inside of the result.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static AttributionMap Explain(
        IRestorer restorer, ImageBuffer image, AttributionWindow? window = null, AttributionOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(restorer);
        ArgumentNullException.ThrowIfNull(image);
        options ??= new();
        options.Validate();
        if (restorer is not NetworkRestorer { Network.Module: not IRunsElsewhere } network)
            throw new ArgumentException($"'{restorer.Info.Name}' is no single network of the library: it has no gradients to explain it by.", nameof(restorer));
        if (image.Channels is not (1 or 3) || image.PlaneLength > MostPixels)
            throw new ArgumentException($"The image is {image} (channels x height x width); expected 1 or 3 channels of at most {MostPixels} pixels.", nameof(image));
        SampleRange.Check(image, nameof(image));
        AttributionWindow explained = Inside(window, image, network.Network.Scale);

        var gradient = new NetworkGradient(network, image, explained);
        double[] shares = options.Method == AttributionMethod.InputGradients
            ? gradient.At([image])[0]
            : AlongPath(gradient, image, options, progress, cancellationToken);
        return new AttributionMap(image.Height, image.Width, network.Network.Scale, explained, Normalized(shares, image.PlaneLength));
    }

    private static AttributionWindow Inside(AttributionWindow? window, ImageBuffer image, int scale)
    {
        (int height, int width) = (image.Height * scale, image.Width * scale);
        AttributionWindow inside = window ?? new(0, 0, height, width);
        if (inside is not { Top: >= 0, Left: >= 0, Height: >= 1, Width: >= 1 } || inside.Height > height - inside.Top || inside.Width > width - inside.Left)
            throw new ArgumentException($"The window is {inside}; expected one inside of the result of {height} x {width} pixels.", nameof(window));
        return inside;
    }

    /// <summary>Mean of gradient times step over the path, sample for sample.</summary>
    internal static double[] AlongPath(NetworkGradient gradient, ImageBuffer image, AttributionOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var sum = new double[image.Array.Length];
        int batch = Math.Max(1, PixelsAtOnce / image.PlaneLength);
        var points = new List<(ImageBuffer Image, double[] Step)>();
        int done = 0;
        foreach ((ImageBuffer Image, double[] Step) point in Path(image, options))
        {
            points.Add(point);
            if (points.Count < batch && done + points.Count < options.Steps)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            double[][] gradients = gradient.At([.. points.Select(p => p.Image)]);
            for (int p = 0; p < points.Count; p++)
            {
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += gradients[p][i] * points[p].Step[i] / options.Steps;
            }

            done += points.Count;
            points.Clear();
            progress?.Report((double)done / options.Steps);
        }

        return sum;
    }

    private static IEnumerable<(ImageBuffer Image, double[] Step)> Path(ImageBuffer image, AttributionOptions options)
    {
        if (options.Method == AttributionMethod.IntegratedGradients)
        {
            double[] whole = Array.ConvertAll(image.Array, s => (double)s);
            for (int i = 1; i <= options.Steps; i++)
            {
                double share = (double)i / options.Steps;
                yield return (ToImage(image, Array.ConvertAll(whole, s => s * share)), whole);
            }

            yield break;
        }

        var path = new BlurPath(options.Sigma, options.Steps, options.KernelSize);
        double[] before = path.Blur(image, 0);
        for (int i = 0; i < options.Steps; i++)
        {
            double[] after = path.Blur(image, i + 1);
            var step = new double[after.Length];
            for (int s = 0; s < step.Length; s++)
                step[s] = (after[s] - before[s]) * options.Steps;
            yield return (ToImage(image, after), step);
            before = after;
        }
    }

    private static ImageBuffer ToImage(ImageBuffer like, double[] samples)
    {
        var image = new ImageBuffer(like.Channels, like.Height, like.Width);
        for (int i = 0; i < samples.Length; i++)
            image.Array[i] = (float)samples[i];
        return image;
    }

    // Summed over channels before the sign goes, as the authors do.
    private static double[] Normalized(double[] shares, int pixels)
    {
        var values = new double[pixels];
        double largest = 0;
        for (int i = 0; i < pixels; i++)
        {
            double sum = 0;
            for (int s = i; s < shares.Length; s += pixels)
                sum += shares[s];
            values[i] = double.IsFinite(sum) ? Math.Abs(sum) : 0;
            largest = Math.Max(largest, values[i]);
        }

        for (int i = 0; i < pixels && largest > 0; i++)
            values[i] /= largest;
        return values;
    }
}
