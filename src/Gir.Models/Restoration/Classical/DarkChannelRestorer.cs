using Gir.Imaging;
using Gir.Imaging.Color;
using Gir.Imaging.Filtering;

namespace Gir.Models.Restoration;

/// <summary>Settings of <see cref="DarkChannelRestorer"/>; the defaults are the paper's.</summary>
public sealed record DarkChannelRestorerOptions
{
    /// <summary>Odd size of the patch over which the darkest sample is sought, 1..101; default 15.</summary>
    public int PatchSize { get; init; } = 15;

    /// <summary>Share of the haze that is removed (omega), in 0..1; default 0.95, which leaves distance perceptible.</summary>
    public double Omega { get; init; } = 0.95;

    /// <summary>Smallest transmission (t0), in 0.01..1; default 0.1.</summary>
    public double MinimumTransmission { get; init; } = 0.1;

    /// <summary>Share of the pixels, those with the brightest dark channel, from which the airlight is averaged; in (0, 1]; default 0.001.</summary>
    public double AirlightFraction { get; init; } = 0.001;

    /// <summary>Radius in pixels of the guided filter that fits the transmission to the image's edges, 1..511; default 60.</summary>
    public int GuideRadius { get; init; } = 60;

    /// <summary>Regularisation of the guided filter, above 0, at most 1; default 0.001.</summary>
    public double GuideEpsilon { get; init; } = 1e-3;
}

/// <summary>
/// Removes haze by the dark channel prior (He, Sun, Tang, "Single Image Haze Removal Using Dark Channel Prior", CVPR 2009 / PAMI 2011):
/// in a clear image almost every patch has a nearly black sample, so what light the darkest one has was added by the haze.
/// </summary>
/// <remarks>
/// The transmission (Eq. 12) is refined by a guided filter ("Guided Image Filtering", PAMI 2013, section 4.6) in place of soft matting;
/// the scene follows from Eq. 22. The airlight is the mean of the pixels whose dark channel is brightest, where the paper takes the brightest of them.
/// </remarks>
public sealed class DarkChannelRestorer : ClassicalRestorer
{
    // An airlight of 0 (a black image) would divide by zero.
    private const float SmallestAirlight = 1f / 255;

    private readonly DarkChannelRestorerOptions _options;

    /// <summary>Creates the restorer.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public DarkChannelRestorer(DarkChannelRestorerOptions? options = null, Parallelism parallelism = default)
        : base(
            Named(
                "dark-channel",
                ("patch", (options ??= new()).PatchSize),
                ("omega", options.Omega),
                ("t0", options.MinimumTransmission),
                ("fraction", options.AirlightFraction),
                ("radius", options.GuideRadius),
                ("epsilon", options.GuideEpsilon)),
            "Dark channel prior with guided filter against haze",
            parallelism)
    {
        InRange(options.PatchSize, 1, 101, "DarkChannelRestorerOptions.PatchSize");
        if (options.PatchSize % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.PatchSize, "DarkChannelRestorerOptions.PatchSize: expected an odd number.");
        InRange(options.Omega, 0, 1, "DarkChannelRestorerOptions.Omega");
        InRange(options.MinimumTransmission, 0.01, 1, "DarkChannelRestorerOptions.MinimumTransmission");
        InRange(options.AirlightFraction, double.Epsilon, 1, "DarkChannelRestorerOptions.AirlightFraction");
        InRange(options.GuideRadius, 1, ImageFilter.MaxRadius, "DarkChannelRestorerOptions.GuideRadius");
        InRange(options.GuideEpsilon, double.Epsilon, 1, "DarkChannelRestorerOptions.GuideEpsilon");
        _options = options;
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken)
    {
        float[] airlight = Airlight(degraded, DarkChannel(degraded));
        var normalized = new ImageBuffer(degraded.Channels, degraded.Height, degraded.Width);
        for (int c = 0; c < degraded.Channels; c++)
        {
            ReadOnlySpan<float> source = degraded.Plane(c);
            Span<float> target = normalized.Plane(c);
            for (int i = 0; i < target.Length; i++)
                target[i] = source[i] / airlight[c];
        }

        cancellationToken.ThrowIfCancellationRequested();
        ImageBuffer transmission = DarkChannel(normalized);
        float omega = (float)_options.Omega;
        foreach (ref float t in transmission.Samples)
            t = 1 - (omega * t);

        cancellationToken.ThrowIfCancellationRequested();
        ImageBuffer guide = degraded.Channels == 1 ? degraded : degraded.ToGray(Parallelism);
        transmission = GuidedFilter.Apply(guide, transmission, _options.GuideRadius, _options.GuideEpsilon, Parallelism);

        // J = (I - A) / max(t, t0) + A.
        ImageBuffer result = normalized;
        float smallest = (float)_options.MinimumTransmission;
        for (int c = 0; c < result.Channels; c++)
        {
            ReadOnlySpan<float> source = degraded.Plane(c);
            ReadOnlySpan<float> t = transmission.Samples;
            Span<float> target = result.Plane(c);
            for (int i = 0; i < target.Length; i++)
                target[i] = ((source[i] - airlight[c]) / Math.Max(t[i], smallest)) + airlight[c];
        }

        return result;
    }

    // The smallest sample of all channels in the patch (Eq. 5).
    private ImageBuffer DarkChannel(ImageBuffer image)
    {
        var darkest = new ImageBuffer(1, image.Height, image.Width);
        image.Plane(0).CopyTo(darkest.Samples);
        for (int c = 1; c < image.Channels; c++)
        {
            ReadOnlySpan<float> plane = image.Plane(c);
            for (int i = 0; i < plane.Length; i++)
                darkest.Samples[i] = Math.Min(darkest.Samples[i], plane[i]);
        }

        return ImageFilter.Minimum(darkest, _options.PatchSize, Parallelism);
    }

    // All pixels whose dark channel is at least the last one's within the fraction: ties belong together, whatever their order.
    private float[] Airlight(ImageBuffer image, ImageBuffer dark)
    {
        float[] sorted = (float[])dark.Array.Clone();
        Array.Sort(sorted);
        int count = Math.Clamp((int)(sorted.Length * _options.AirlightFraction), 1, sorted.Length);
        float threshold = sorted[^count];
        var airlight = new float[image.Channels];
        for (int c = 0; c < airlight.Length; c++)
        {
            (double sum, int pixels) = (0, 0);
            ReadOnlySpan<float> plane = image.Plane(c);
            for (int i = 0; i < plane.Length; i++)
            {
                if (dark.Samples[i] >= threshold)
                {
                    sum += plane[i];
                    pixels++;
                }
            }

            airlight[c] = Math.Max(SmallestAirlight, (float)(sum / Math.Max(1, pixels)));
        }

        return airlight;
    }
}
