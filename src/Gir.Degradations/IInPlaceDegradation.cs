using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>An operator that can change the image that it is given: the pipeline uses this on its own intermediate images.</summary>
internal interface IInPlaceDegradation
{
    /// <summary>As <see cref="IDegradation.Apply"/>, but the result overwrites the image.</summary>
    void ApplyInPlace(ImageBuffer image, DegradationContext context);
}
