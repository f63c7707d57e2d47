using Gir.Imaging;
using Gir.Imaging.Filtering;

namespace Gir.Models.Restoration;

/// <summary>Settings of <see cref="InpaintingRestorer"/>.</summary>
public sealed record InpaintingRestorerOptions
{
    /// <summary>Saturated areas thinner than this odd number of pixels are taken for highlights and kept, 1..31; default 5.</summary>
    public int MinimumThickness { get; init; } = 5;

    /// <summary>Saturated areas thicker than this odd number of pixels are taken for sky or shadow and kept; above the minimum, at most 101; default 31.</summary>
    public int MaximumThickness { get; init; } = 31;

    /// <summary>Sweeps of relaxation after the first fill, 0..1000; default 60.</summary>
    public int Sweeps { get; init; } = 60;
}

/// <summary>
/// Finds lines of pure white or black that were painted over an image and fills them smoothly from their surroundings.
/// </summary>
/// <remarks>
/// Damage is what is saturated in all channels and, by morphological openings, neither too thin nor too thick. It is filled by
/// pull-push interpolation (Gortler et al., "The Lumigraph", SIGGRAPH 1996, section 3.4.2) and relaxed towards the harmonic
/// function with the surroundings as its border. An image without such areas comes back unchanged.
/// </remarks>
public sealed class InpaintingRestorer : ClassicalRestorer
{
    // Half a level of 8 bits: what would be stored as pure white or black.
    private const float Tolerance = 0.5f / 255;

    private readonly InpaintingRestorerOptions _options;

    /// <summary>Creates the restorer.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public InpaintingRestorer(InpaintingRestorerOptions? options = null, Parallelism parallelism = default)
        : base(
            Named("inpainting", ("min", (options ??= new()).MinimumThickness), ("max", options.MaximumThickness), ("sweeps", options.Sweeps)),
            "Harmonic inpainting of white and black lines against damage",
            parallelism)
    {
        InRange(options.MinimumThickness, 1, 31, "InpaintingRestorerOptions.MinimumThickness");
        InRange(options.MaximumThickness, options.MinimumThickness + 1, 101, "InpaintingRestorerOptions.MaximumThickness");
        if (options.MinimumThickness % 2 == 0 || options.MaximumThickness % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(options), "InpaintingRestorerOptions: expected odd thicknesses.");
        InRange(options.Sweeps, 0, 1000, "InpaintingRestorerOptions.Sweeps");
        _options = options;
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken)
    {
        bool[] damaged = new bool[degraded.PlaneLength];
        MarkLines(Saturated(degraded, white: true), damaged);
        MarkLines(Saturated(degraded, white: false), damaged);
        cancellationToken.ThrowIfCancellationRequested();
        ImageBuffer result = degraded.Clone();
        int[] holes = [.. Enumerable.Range(0, damaged.Length).Where(i => damaged[i])];
        if (holes.Length == 0 || holes.Length == damaged.Length)
            return result;
        float[] known = [.. damaged.Select(d => d ? 0f : 1f)];
        for (int c = 0; c < result.Channels; c++)
        {
            PullPush.Fill(result.Plane(c), known, result.Height, result.Width);
            for (int sweep = 0; sweep < _options.Sweeps; sweep++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Relax(result.Plane(c), holes, result.Height, result.Width);
            }
        }

        return result;
    }

    private static ImageBuffer Saturated(ImageBuffer image, bool white)
    {
        var mask = new ImageBuffer(1, image.Height, image.Width);
        mask.Samples.Fill(1);
        for (int c = 0; c < image.Channels; c++)
        {
            ReadOnlySpan<float> plane = image.Plane(c);
            for (int i = 0; i < plane.Length; i++)
            {
                if (white ? plane[i] < 1 - Tolerance : plane[i] > Tolerance)
                    mask.Samples[i] = 0;
            }
        }

        return mask;
    }

    private void MarkLines(ImageBuffer mask, bool[] damaged)
    {
        if (!mask.Samples.ContainsAnyExcept(0f))
            return;
        ImageBuffer thick = ImageFilter.Minimum(mask, _options.MinimumThickness, Parallelism);
        // Grown a little further than it was shrunk, within the mask: rounded ends and jagged sides come back.
        ImageBuffer lines = ImageFilter.Maximum(thick, _options.MinimumThickness + 4, Parallelism);
        ImageBuffer areas = ImageFilter.Maximum(
            ImageFilter.Minimum(mask, _options.MaximumThickness, Parallelism), _options.MaximumThickness + 4, Parallelism);
        for (int i = 0; i < damaged.Length; i++)
            damaged[i] |= mask.Samples[i] * lines.Samples[i] > 0 && areas.Samples[i] == 0;
    }

    // One sweep of Gauss and Seidel: every hole becomes the mean of its neighbors, in the order of the rows.
    private static void Relax(Span<float> plane, int[] holes, int height, int width)
    {
        foreach (int i in holes)
        {
            (int y, int x) = (i / width, i % width);
            float sum = plane[y > 0 ? i - width : i] + plane[y < height - 1 ? i + width : i];
            sum += plane[x > 0 ? i - 1 : i] + plane[x < width - 1 ? i + 1 : i];
            plane[i] = sum / 4;
        }
    }
}
