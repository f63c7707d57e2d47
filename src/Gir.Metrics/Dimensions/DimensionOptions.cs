namespace Gir.Metrics.Dimensions;

/// <summary>How <see cref="DimensionMeter"/> compares an image with its reference.</summary>
public sealed record DimensionOptions
{
    /// <summary>
    /// Whether the result's brightness and contrast are first fitted to the reference's (least squares over the lumas after a Gaussian of sigma 4, where
    /// noise and lost detail have averaged out), so that a darker result is no blurred one; default true.
    /// </summary>
    public bool Affine { get; init; } = true;

    /// <summary>
    /// Whether every block of 16 x 16 is compared with the best match within 2 pixels in each direction, so that a small shift is neither missing nor
    /// added detail; default false.
    /// </summary>
    public bool Search { get; init; }

    /// <summary>Pixels cut from every side first; default 0.</summary>
    public int Crop { get; init; }
}
