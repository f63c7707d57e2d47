namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Checks of what callers pass.</summary>
internal static class JpegArguments
{
    public static void CheckChannels(ImageBuffer image, string name)
    {
        if (image.Channels is 2 or 4)
            throw new ArgumentException($"JPEG cannot hold an alpha channel, but the image has {image.Channels} channels; expected 1 (gray) or 3 (RGB).", name);
        if (image.Channels is not (1 or 3))
            throw new ArgumentException($"JPEG holds 1 (gray) or 3 (RGB) channels, but the image has {image.Channels}.", name);
    }

    public static void CheckSubsampling(ChromaSubsampling subsampling, string name)
    {
        if (!Enum.IsDefined(subsampling))
            throw new ArgumentOutOfRangeException(name, subsampling, "Expected Chroma444, Chroma422 or Chroma420.");
    }
}
