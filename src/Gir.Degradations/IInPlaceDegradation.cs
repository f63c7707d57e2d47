using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>An operator that can overwrite the image that it is given: a pipeline asks for it where the image is its own, and saves an image.</summary>
public interface IInPlaceDegradation : IDegradation
{
    /// <summary>As <see cref="IDegradation.Apply"/>, sample for sample, but the result overwrites the image.</summary>
    /// <param name="image">Overwritten, also where an exception ends the work.</param>
    /// <param name="context">Seed, depth and execution settings.</param>
    /// <exception cref="DegradationException">As of <see cref="IDegradation.Apply"/>.</exception>
    void ApplyInPlace(ImageBuffer image, DegradationContext context);
}
