namespace Gir.Imaging.Codecs;

/// <summary>Checks the size that a header claims, before anything of that size is allocated.</summary>
internal static class DecodeLimits
{
    // Below this memory is made on the header's word; above it only if the file is of a believable size.
    private const long TrustedPixels = 1L << 22;
    private const long BelievablePixelsPerByte = 4096;

    /// <summary>Refuses large sizes that a file of so few bytes can hardly hold.</summary>
    /// <param name="format">Name of the codec.</param>
    /// <param name="offset">Where in the file the size stands.</param>
    /// <param name="bytes">Length of the file.</param>
    /// <param name="height">Rows as claimed.</param>
    /// <param name="width">Columns as claimed.</param>
    /// <exception cref="ImageFormatException">The size is refused.</exception>
    public static void CheckBelievable(string format, long offset, long bytes, long height, long width)
    {
        long pixels = width * height;
        if (pixels > TrustedPixels && pixels > BelievablePixelsPerByte * bytes)
            throw new ImageFormatException(format, offset, $"{bytes} bytes claim {width} x {height} pixels; expected at least one byte for {BelievablePixelsPerByte} of them");
    }

    /// <summary>Refuses sizes that are empty or exceed the limits.</summary>
    /// <param name="format">Name of the codec.</param>
    /// <param name="offset">Where in the file the size stands.</param>
    /// <param name="channels">Channels of the decoded image.</param>
    /// <param name="height">Rows as claimed.</param>
    /// <param name="width">Columns as claimed.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ImageFormatException">The size is refused.</exception>
    public static void Check(string format, long offset, int channels, long height, long width, ImageDecodeOptions options)
    {
        if (width < 1 || height < 1)
            throw new ImageFormatException(format, offset, $"the image is {width} wide and {height} high; expected at least 1 each");
        if (width > options.MaxDimension || height > options.MaxDimension)
        {
            throw new ImageFormatException(
                format, offset, $"the image is {width} wide and {height} high; the limit is {options.MaxDimension} (ImageDecodeOptions.MaxDimension)");
        }

        Int128 pixels = (Int128)width * height;
        if (pixels > options.MaxPixels)
        {
            throw new ImageFormatException(
                format, offset, $"the image has {width} x {height} = {pixels} pixels; the limit is {options.MaxPixels} (ImageDecodeOptions.MaxPixels)");
        }

        if (pixels * channels > Array.MaxLength)
            throw new ImageFormatException(format, offset, $"{channels} channels of {width} x {height} are more samples than one image can hold");
    }
}
