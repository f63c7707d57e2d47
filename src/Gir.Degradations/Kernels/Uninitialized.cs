using Gir.Imaging;

namespace Gir.Degradations.Kernels;

/// <summary>Images whose every sample is about to be written: clearing them first would cost as much as a cheap operator.</summary>
internal static class Uninitialized
{
    public static ImageBuffer Like(ImageBuffer image) => ImagePool.Rent(image.Channels, image.Height, image.Width);
}
