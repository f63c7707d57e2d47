using System.Numerics.Tensors;
using Gir.Imaging;
using Gir.Imaging.Filtering;

namespace Gir.Models.Restoration;

/// <summary>Settings of <see cref="UnsharpRestorer"/>.</summary>
public sealed record UnsharpRestorerOptions
{
    /// <summary>Standard deviation of the blur in pixels, 0.1..50; default 1.5.</summary>
    public double Sigma { get; init; } = 1.5;

    /// <summary>How much of the difference to the blurred image is added, 0..20; default 3, the best for a blur of sigma 2 on photographs.</summary>
    public double Amount { get; init; } = 3;
}

/// <summary>Unsharp masking: x + amount * (x - blur(x)).</summary>
public sealed class UnsharpRestorer : ClassicalRestorer
{
    private readonly FilterKernel _kernel;
    private readonly float _amount;

    /// <summary>Creates the restorer.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public UnsharpRestorer(UnsharpRestorerOptions? options = null, Parallelism parallelism = default)
        : base(Named("unsharp", ("sigma", (options ??= new()).Sigma), ("amount", options.Amount)), "Unsharp masking against blur", parallelism)
    {
        double sigma = InRange(options.Sigma, 0.1, 50, "UnsharpRestorerOptions.Sigma");
        _kernel = FilterKernel.Gaussian((2 * (int)Math.Ceiling(3 * sigma)) + 1, sigma);
        _amount = (float)InRange(options.Amount, 0, 20, "UnsharpRestorerOptions.Amount");
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken)
    {
        ImageBuffer result = ImageFilter.Correlate(degraded, _kernel, BorderFor(degraded, _kernel), Parallelism);
        TensorPrimitives.Subtract(degraded.Samples, result.Samples, result.Samples);
        TensorPrimitives.Multiply(result.Samples, _amount, result.Samples);
        TensorPrimitives.Add(result.Samples, degraded.Samples, result.Samples);
        return result;
    }
}
