using Gir.Imaging;

namespace Gir.Metrics.Dimensions;

/// <summary>Failure signs of a restored image, as measured by Gir's definition: proxies of what people are asked for, not their opinions.</summary>
/// <param name="Under">Share of the reference's detail that is missing, 0..1.</param>
/// <param name="Over">Share of detail that the reference does not explain, 0..1.</param>
/// <param name="Sharpness">-3 (blurred) .. 3 (over-sharpened).</param>
/// <param name="EdgeGain">The gain of the reference's strongest edges that <paramref name="Sharpness"/> is made of; 1 where the reference has no edges.</param>
/// <param name="Gain">What the result's luma was multiplied by before all; 1 without <see cref="DimensionOptions.Affine"/>.</param>
/// <param name="Offset">What was then added to it; 0 without <see cref="DimensionOptions.Affine"/>.</param>
public sealed record DimensionScores(double Under, double Over, double Sharpness, double EdgeGain, double Gain, double Offset)
{
    /// <summary>3 (Over - Under), -3 (detail is missing) .. 3 (detail was added). An image with both faults may have 0: look at the two poles.</summary>
    public double Detail => 3 * (Over - Under);
}

/// <summary>Where in the image the failure signs are: one sample per block of 16 x 16 pixels (fewer at the right and lower edge), 1 x rows x columns.</summary>
/// <param name="Under">Missing detail of each block, 0..1; 0 where the reference has none to miss.</param>
/// <param name="Over">Added detail of each block, 0..1.</param>
/// <param name="Detail">3 (over - under), -3..3.</param>
/// <param name="Sharpness">-3..3; 0 in blocks that hold none of the strongest edges.</param>
public sealed record DimensionMaps(ImageBuffer Under, ImageBuffer Over, ImageBuffer Detail, ImageBuffer Sharpness);
