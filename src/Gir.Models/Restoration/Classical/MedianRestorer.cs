using Gir.Imaging;
using Gir.Imaging.Filtering;

namespace Gir.Models.Restoration;

/// <summary>Settings of <see cref="MedianRestorer"/>.</summary>
public sealed record MedianRestorerOptions
{
    /// <summary>Size of the window, 3 (default) or 5.</summary>
    public int Size { get; init; } = 3;
}

/// <summary>Removes impulses and thin lines by the median of the neighborhood (Tukey 1977).</summary>
public sealed class MedianRestorer : ClassicalRestorer
{
    private readonly int _size;

    /// <summary>Creates the restorer.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is neither 3 nor 5.</exception>
    public MedianRestorer(MedianRestorerOptions? options = null, Parallelism parallelism = default)
        : base(Named("median", ("size", (options ??= new()).Size)), "Median of the neighborhood against impulses", parallelism)
    {
        if (options.Size is not (3 or 5))
            throw new ArgumentOutOfRangeException(nameof(options), options.Size, "MedianRestorerOptions.Size: expected 3 or 5.");
        _size = options.Size;
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken) =>
        ImageFilter.Median(degraded, _size, parallelism: Parallelism);
}
