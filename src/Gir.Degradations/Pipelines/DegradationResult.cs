using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>A degraded image and how it came about.</summary>
/// <param name="Image">The degraded image.</param>
/// <param name="Record">Everything needed to make it again from the clean image.</param>
public sealed record DegradationResult(ImageBuffer Image, DegradationRecord Record);
