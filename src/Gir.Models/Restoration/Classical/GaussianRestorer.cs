using Gir.Imaging;
using Gir.Imaging.Filtering;

namespace Gir.Models.Restoration;

/// <summary>Settings of <see cref="GaussianRestorer"/>.</summary>
public sealed record GaussianRestorerOptions
{
    /// <summary>Standard deviation in pixels, 0.1..50; default 0.8, the best for noise of sigma 20/255 on photographs.</summary>
    public double Sigma { get; init; } = 0.8;
}

/// <summary>Removes noise by a Gaussian blur.</summary>
public sealed class GaussianRestorer : ClassicalRestorer
{
    private readonly FilterKernel _kernel;

    /// <summary>Creates the restorer.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public GaussianRestorer(GaussianRestorerOptions? options = null, Parallelism parallelism = default)
        : base(Named("gaussian", ("sigma", (options ??= new()).Sigma)), "Gaussian blur against noise", parallelism)
    {
        double sigma = InRange(options.Sigma, 0.1, 50, "GaussianRestorerOptions.Sigma");
        _kernel = FilterKernel.Gaussian((2 * (int)Math.Ceiling(3 * sigma)) + 1, sigma);
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken) =>
        ImageFilter.Correlate(degraded, _kernel, BorderFor(degraded, _kernel), Parallelism);
}
