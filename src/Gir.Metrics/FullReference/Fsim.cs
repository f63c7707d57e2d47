using Gir.Imaging;
using Gir.Imaging.Observability;

namespace Gir.Metrics.FullReference;

/// <summary>
/// Feature similarity (Zhang, Zhang, Mou, Zhang: "FSIM: A Feature Similarity Index for Image Quality Assessment", 2011; the
/// authors' FeatureSIM.m): similarity of phase congruency and gradient magnitude, and in FSIMc of the I and Q chroma planes,
/// weighted by phase congruency. At most 1 (identical images); higher is better.
/// </summary>
/// <remarks>
/// Luminance and chroma are the unrounded YIQ planes of levels, averaged down so that the smaller side is about 256 pixels.
/// At least 3 x 3 pixels; FSIM takes one or three channels, FSIMc three. Where neither image has any structure the weights
/// vanish and the plain mean of the similarities is given. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.
/// </remarks>
public sealed class Fsim : IFullReferenceMetric
{
    private const double CongruencyStabiliser = 0.85;
    private const double GradientStabiliser = 160;
    private const double ChromaStabiliser = 200;
    private const double ChromaPower = 0.03;
    private const int MinimumSize = 3;
    private readonly bool _chromatic;
    private readonly int _crop;
    private readonly MetricNeeds _needs;
    private readonly string _convention;

    /// <summary>FSIM or FSIMc.</summary>
    /// <param name="chromatic">Includes chroma: FSIMc, which published "FSIM" columns often mean.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Fsim(bool chromatic = false, int crop = 0)
        : this(chromatic, crop, chromatic ? "fsimc" : "fsim")
    {
    }

    /// <summary>FSIM or FSIMc under a name of its own.</summary>
    internal Fsim(bool chromatic, int crop, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        (_chromatic, _crop, Name) = (chromatic, crop, name);
        _needs = new MetricNeeds(name, MinimumSize, crop, chromatic ? MetricChannels.Rgb : MetricChannels.GrayOrRgb);
        _convention = $"{(chromatic ? "YIQ" : "Y of YIQ")}, {(crop == 0 ? "no crop" : $"crop {crop}")}, range 255, smaller side about 256";
    }

    /// <summary>"fsim" or "fsimc"; FSIMc is "fsim", too, where <see cref="MetricProfile.FsimIsChromatic"/> says so.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        _needs.Check(reference, distorted);
        using Planes x = Prepare(reference);
        using Planes y = Prepare(distorted);
        using var congruency = new PhaseCongruency(x.Luminance.Height, x.Luminance.Width);
        using LevelPlane congruencyX = congruency.Compute(x.Luminance, parallelism);
        using LevelPlane congruencyY = congruency.Compute(y.Luminance, parallelism);
        using LevelPlane gradientX = Gradients(x.Luminance);
        using LevelPlane gradientY = Gradients(y.Luminance);
        double value = Pool(x, y, congruencyX.Values, congruencyY.Values, gradientX.Values, gradientY.Values);
        return work.Complete(new MetricScore(Name, value, _convention, HigherIsBetter: true));
    }

    private static double Similarity(double a, double b, double stabiliser) =>
        ((2 * a * b) + stabiliser) / ((a * a) + (b * b) + stabiliser);

    private double Pool(
        Planes x,
        Planes y,
        ReadOnlySpan<double> congruencyX,
        ReadOnlySpan<double> congruencyY,
        ReadOnlySpan<double> gradientX,
        ReadOnlySpan<double> gradientY)
    {
        ReadOnlySpan<double> inPhaseX = Values(x.I);
        ReadOnlySpan<double> inPhaseY = Values(y.I);
        ReadOnlySpan<double> quadratureX = Values(x.Q);
        ReadOnlySpan<double> quadratureY = Values(y.Q);
        (double sum, double weights, double plain) = (0, 0, 0);
        for (int i = 0; i < congruencyX.Length; i++)
        {
            double similarity = Similarity(gradientX[i], gradientY[i], GradientStabiliser)
                * Similarity(congruencyX[i], congruencyY[i], CongruencyStabiliser);
            if (_chromatic)
            {
                double chroma = Similarity(inPhaseX[i], inPhaseY[i], ChromaStabiliser) * Similarity(quadratureX[i], quadratureY[i], ChromaStabiliser);
                // The real part of the complex power, where opposite chroma makes the base negative.
                double power = Math.Pow(Math.Abs(chroma), ChromaPower);
                similarity *= chroma < 0 ? power * Math.Cos(Math.PI * ChromaPower) : power;
            }

            double weight = Math.Max(congruencyX[i], congruencyY[i]);
            sum += similarity * weight;
            weights += weight;
            plain += similarity;
        }

        return weights > 0 ? sum / weights : plain / congruencyX.Length;
    }

    private static ReadOnlySpan<double> Values(LevelPlane? plane) => plane is null ? [] : plane.Values;

    private Planes Prepare(ImageBuffer image)
    {
        (int height, int width) = (image.Height - (2 * _crop), image.Width - (2 * _crop));
        int factor = Math.Max(1, (int)Math.Round(Math.Min(height, width) / 256.0, MidpointRounding.AwayFromZero));
        LevelPlane Plane(double red, double green, double blue)
        {
            var plane = new LevelPlane(height, width);
            double[] levels = plane.Data;
            for (int y = 0; y < height; y++)
            {
                for (int i = 0; i < width; i++)
                {
                    int at = ((y + _crop) * image.Width) + i + _crop;
                    levels[(y * width) + i] = image.Channels == 1
                        ? (red + green + blue) * (image.Samples[at] * 255f)
                        : (red * (image.Samples[at] * 255f)) + (green * (image.Samples[at + image.PlaneLength] * 255f))
                            + (blue * (image.Samples[at + (2 * image.PlaneLength)] * 255f));
                }
            }

            return Average(plane, factor);
        }

        return new Planes(
            Plane(0.299, 0.587, 0.114),
            _chromatic ? Plane(0.596, -0.274, -0.322) : null,
            _chromatic ? Plane(0.211, -0.523, 0.312) : null);
    }

    /// <summary>conv2 with a factor x factor mean, 'same', then every factor-th sample: windows begin (factor - 1) / 2 before it, zeros outside.</summary>
    private static LevelPlane Average(LevelPlane plane, int factor)
    {
        if (factor == 1)
            return plane;
        using LevelPlane whole = plane;
        (double[] levels, int height, int width) = (whole.Data, whole.Height, whole.Width);
        (int smallHeight, int smallWidth) = ((height + factor - 1) / factor, (width + factor - 1) / factor);
        var result = new LevelPlane(smallHeight, smallWidth);
        Span<double> small = result.Values;
        int before = (factor - 1) / 2;
        for (int y = 0; y < smallHeight; y++)
        {
            for (int x = 0; x < smallWidth; x++)
            {
                double sum = 0;
                for (int row = Math.Max(0, (y * factor) - before); row < Math.Min(height, (y * factor) - before + factor); row++)
                {
                    for (int column = Math.Max(0, (x * factor) - before); column < Math.Min(width, (x * factor) - before + factor); column++)
                        sum += levels[(row * width) + column];
                }

                small[(y * smallWidth) + x] = sum / (factor * factor);
            }
        }

        return result;
    }

    /// <summary>Magnitude of the Scharr gradient / 16, zeros outside.</summary>
    private static LevelPlane Gradients(LevelPlane luminance)
    {
        (double[] source, int height, int width) = (luminance.Data, luminance.Height, luminance.Width);
        var result = new LevelPlane(height, width);
        Span<double> magnitudes = result.Values;
        double At(int y, int x) => y < 0 || x < 0 || y >= height || x >= width ? 0 : source[(y * width) + x];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double horizontal = (3 * (At(y - 1, x + 1) - At(y - 1, x - 1))) + (10 * (At(y, x + 1) - At(y, x - 1))) + (3 * (At(y + 1, x + 1) - At(y + 1, x - 1)));
                double vertical = (3 * (At(y + 1, x - 1) - At(y - 1, x - 1))) + (10 * (At(y + 1, x) - At(y - 1, x))) + (3 * (At(y + 1, x + 1) - At(y - 1, x + 1)));
                magnitudes[(y * width) + x] = Math.Sqrt((horizontal * horizontal) + (vertical * vertical)) / 16;
            }
        }

        return result;
    }

    private sealed record Planes(LevelPlane Luminance, LevelPlane? I, LevelPlane? Q) : IDisposable
    {
        public void Dispose()
        {
            Luminance.Dispose();
            I?.Dispose();
            Q?.Dispose();
        }
    }
}
