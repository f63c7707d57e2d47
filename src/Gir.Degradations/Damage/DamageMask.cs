using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Damage;

/// <summary>A user's picture of damage: 0 where the image is whole, 1 where it is gone. Immutable as long as nobody writes to its image.</summary>
public sealed class DamageMask
{
    private DamageMask(ImageBuffer opacity, string source) => (Opacity, Source) = (opacity, source);

    /// <summary>1 x H x W, samples in [0, 1].</summary>
    public ImageBuffer Opacity { get; }

    /// <summary>Where it came from: a path, or "image".</summary>
    public string Source { get; }

    /// <summary>Takes a mask from memory, without copying it.</summary>
    /// <param name="opacity">1 x H x W, samples in [0, 1].</param>
    /// <exception cref="ArgumentException">There is more than one channel, or a sample lies outside [0, 1].</exception>
    public static DamageMask FromImage(ImageBuffer opacity)
    {
        ArgumentNullException.ThrowIfNull(opacity);
        return MaskImage.IsMask(opacity)
            ? new DamageMask(opacity, "image")
            : throw new ArgumentException(
                $"The mask is {opacity} (channels x height x width): expected 1 channel with samples in 0..1.", nameof(opacity));
    }

    /// <summary>Reads a mask from an image file; of a color image the mean of the three channels counts.</summary>
    /// <exception cref="ImageFormatException">The file is damaged or of an unknown format.</exception>
    /// <exception cref="DegradationException">The file holds samples outside [0, 1].</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DamageMask Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new DamageMask(MaskImage.Load(path), path);
    }

    /// <summary>The path, or "image".</summary>
    public override string ToString() => Source;
}
