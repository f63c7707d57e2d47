using Gir.Imaging;
using Gir.Imaging.Filtering;

namespace Gir.Models.Restoration;

/// <summary>Settings of <see cref="RichardsonLucyRestorer"/>.</summary>
public sealed record RichardsonLucyRestorerOptions
{
    /// <summary>Standard deviation of the Gaussian that blurred the image, in pixels, 0.1..20; default 2, the blur of the representative task.</summary>
    public double Sigma { get; init; } = 2;

    /// <summary>Iterations, 1..1000; default 40.</summary>
    public int Iterations { get; init; } = 40;
}

/// <summary>Removes a known Gaussian blur by Richardson-Lucy deconvolution (Richardson 1972, Lucy 1974), started from the blurred image.</summary>
/// <remarks>
/// Beyond the edge the image is reflected, so that borders neither darken nor ring. Samples below 0 count as 0. More iterations give
/// sharper edges and more of the noise.
/// </remarks>
public sealed class RichardsonLucyRestorer : ClassicalRestorer
{
    // A sample that starts at 0 would stay there.
    private const float SmallestStart = 1f / 255;

    private readonly FilterKernel _pointSpread;
    private readonly int _iterations;

    /// <summary>Creates the restorer.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RichardsonLucyRestorer(RichardsonLucyRestorerOptions? options = null, Parallelism parallelism = default)
        : base(
            Named("richardson-lucy", ("sigma", (options ??= new()).Sigma), ("iterations", options.Iterations)),
            "Richardson-Lucy deconvolution of a Gaussian blur",
            parallelism)
    {
        double sigma = InRange(options.Sigma, 0.1, 20, "RichardsonLucyRestorerOptions.Sigma");
        _iterations = (int)InRange(options.Iterations, 1, 1000, "RichardsonLucyRestorerOptions.Iterations");
        _pointSpread = FilterKernel.Gaussian((2 * (int)Math.Ceiling(3.5 * sigma)) + 1, sigma);
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken)
    {
        ImageBuffer observed = degraded.Clone();
        ImageBuffer start = degraded.Clone();
        for (int i = 0; i < observed.Samples.Length; i++)
        {
            observed.Samples[i] = Math.Max(0, observed.Samples[i]);
            start.Samples[i] = Math.Max(SmallestStart, start.Samples[i]);
        }

        var options = new RichardsonLucyOptions(_iterations, Clip: false) { Border = BorderFor(degraded, _pointSpread), StartImage = start };
        return RichardsonLucy.Deconvolve(observed, _pointSpread, options, Parallelism, cancellationToken);
    }
}
