using System.Buffers;
using Gir.Imaging.Codecs.Jpeg;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>Decodes the image data row by row into planes.</summary>
internal static class PngDecoder
{
    // Below this the samples are allocated on the header's word; above it only if the compressed data is of a believable size.
    private const long TrustedSamples = 1L << 22;

    // Photographs compress to a half or third, drawings to a fiftieth; deflate ends at 1 : 1032.
    private const long BelievableSamplesPerByte = 64;

    public static DecodedImage Read(ReadOnlySpan<byte> file, ImageDecodeOptions options)
    {
        PngStructure png = PngStructure.Read(file, options, headerOnly: false);
        PngHeader header = png.Header;
        IReadOnlyList<PngPass> passes = Adam7.Passes(header);
        long longest = header.RowBytes(header.Width) + 1;
        if (longest > 1 << 29)
            throw PngStructure.Error(PngStructure.Signature.Length + 8, $"a row of {longest} bytes is more than can be decoded");

        long samples = (long)png.Channels * header.Width * header.Height;
        if (samples > TrustedSamples && samples > BelievableSamplesPerByte * png.DataLength)
        {
            // A few bytes may claim gigabytes: see that the data is there before making room for it.
            using var trial = new PngRowReader(png, file, longestRow: 0);
            trial.Prove(passes.Sum(p => (header.RowBytes(p.Width) + 1) * p.Height));
        }

        using var reader = new PngRowReader(png, file, (int)longest);
        ImageBuffer image = ImageConversion.Uninitialized(png.Channels, header.Height, header.Width);
        byte[] rows = ArrayPool<byte>.Shared.Rent(2 * (int)longest);
        try
        {
            var expander = new PngRowExpander(png);
            foreach (PngPass pass in passes)
                DecodePass(png, pass, reader, expander, rows, image);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rows);
        }

        reader.Finish();
        image = options.ApplyOrientation ? JpegExif.Apply(image, png.Orientation) : image;
        return new DecodedImage(image, Info(png, options));
    }

    /// <summary>What the chunks that were read say.</summary>
    public static ImageFileInfo Info(PngStructure png, ImageDecodeOptions options)
    {
        (int height, int width) = options.ApplyOrientation && JpegExif.Transposes(png.Orientation)
            ? (png.Header.Width, png.Header.Height)
            : (png.Header.Height, png.Header.Width);
        return new ImageFileInfo(PngCodec.FormatName, png.Channels, height, width, png.Header.BitDepth)
        {
            Metadata = png.Metadata,
            Warnings = png.Warnings.ToList(),
        };
    }

    private static void DecodePass(PngStructure png, PngPass pass, PngRowReader reader, PngRowExpander expander, byte[] rows, ImageBuffer image)
    {
        int length = (int)png.Header.RowBytes(pass.Width);
        Span<byte> above = rows.AsSpan(0, length);
        Span<byte> current = rows.AsSpan(length, length);
        above.Clear();
        float[] samples = png.Header.IsInterlaced ? new float[png.Channels * pass.Width] : [];
        for (int y = 0; y < pass.Height; y++)
        {
            ReadOnlySpan<byte> filtered = reader.Next(length + 1);
            if (filtered[0] > 4)
                throw PngStructure.Error(png.DataOffset, $"row {y} has filter type {filtered[0]}; expected 0..4");
            PngUnfilter.Run(filtered[0], filtered[1..], above, current, png.Header.FilterBytes);
            if (png.Header.IsInterlaced)
            {
                expander.Expand(current, pass.Width, samples, pass.Width);
                Scatter(samples, pass, pass.FirstY + (y * pass.StepY), image);
            }
            else
            {
                expander.Expand(current, pass.Width, image.Samples[(y * pass.Width)..], image.PlaneLength);
            }

            Span<byte> swap = above;
            above = current;
            current = swap;
        }
    }

    private static void Scatter(ReadOnlySpan<float> samples, PngPass pass, int y, ImageBuffer image)
    {
        for (int c = 0; c < image.Channels; c++)
        {
            Span<float> row = image.Row(c, y);
            for (int i = 0, x = pass.FirstX; i < pass.Width; i++, x += pass.StepX)
                row[x] = samples[(c * pass.Width) + i];
        }
    }
}
