namespace Gir.Imaging.Codecs;

/// <summary>Checks that settings belong to the format they are given to.</summary>
internal static class EncodeOptions
{
    /// <summary>The settings as those of one format; null stays null.</summary>
    /// <exception cref="ArgumentException">They are of another format.</exception>
    public static T? As<T>(ImageEncodeOptions? options, string format)
        where T : ImageEncodeOptions => options switch
        {
            null => null,
            T own => own,
            _ => throw new ArgumentException($"{format} is written with {typeof(T).Name}, not {options.GetType().Name}.", nameof(options)),
        };

    /// <summary>Checks how many channels an image has.</summary>
    /// <exception cref="ArgumentException">The format cannot hold so many.</exception>
    public static void CheckChannels(ImageBuffer image, string format, int most)
    {
        if (image.Channels > most)
            throw new ArgumentException($"{format} holds 1 to {most} channels, but the image is {image}.", nameof(image));
    }
}
