namespace Gir.Imaging.Codecs;

/// <summary>Checks that settings belong to the format they are given to.</summary>
internal static class EncodeOptions
{
    /// <summary>The settings as those of one format; null stays null.</summary>
    /// <param name="options">The settings, of this format or common to all.</param>
    /// <param name="format">Name of the format.</param>
    /// <param name="convert">Makes the format's settings of the common ones.</param>
    /// <exception cref="ArgumentException">They are of another format.</exception>
    public static T? As<T>(ImageEncodeOptions? options, string format, Func<ImageSaveOptions, T> convert)
        where T : ImageEncodeOptions => options switch
        {
            null => null,
            T own => own,
            ImageSaveOptions common => convert(common),
            _ => throw new ArgumentException($"{format} is written with {typeof(T).Name}, not {options.GetType().Name}.", nameof(options)),
        };

    /// <summary>Checks that a depth is one that formats of 8 bits can hold.</summary>
    /// <exception cref="ArgumentException">It is another.</exception>
    public static void CheckIsByte(ImageSaveOptions options, string format)
    {
        if (options.BitDepth != 8)
            throw new ArgumentException($"{format} holds 8 bits per sample, but {nameof(options.BitDepth)} is {options.BitDepth}.", nameof(options));
    }

    /// <summary>Checks how many channels an image has.</summary>
    /// <exception cref="ArgumentException">The format cannot hold so many.</exception>
    public static void CheckChannels(ImageBuffer image, string format, int most)
    {
        if (image.Channels > most)
            throw new ArgumentException($"{format} holds 1 to {most} channels, but the image is {image}.", nameof(image));
    }
}
