using System.Buffers.Binary;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Writes baseline files, byte for byte as libjpeg does with default settings.</summary>
internal static class JpegEncoder
{
    // Every coefficient takes a code of 16 bits and 11 bits of value at most, each byte of which may be stuffed.
    private const int MaxBlockBytes = JpegTables.BlockLength * 4 * 2;

    /// <summary>Encodes an image of 1 or 3 channels.</summary>
    public static void Encode(ImageBuffer image, Stream destination, JpegEncodeOptions options)
    {
        JpegArguments.CheckChannels(image, nameof(image));
        JpegArguments.CheckSubsampling(options.Subsampling, nameof(options));
        if (options.Quality is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(options), options.Quality, "Expected a quality of 1..100.");
        if (image.Width > ushort.MaxValue || image.Height > ushort.MaxValue)
            throw new ArgumentException($"JPEG holds at most {ushort.MaxValue} rows and columns, but the image is {image}.", nameof(image));

        using var sampler = new JpegSampler(image, options.Subsampling);
        using var writer = new JpegByteWriter(destination);
        JpegLayout layout = sampler.Layout;
        bool color = layout.Components.Length > 1;
        ushort[][] steps = [JpegTables.QuantizationSteps(options.Quality, chroma: false), JpegTables.QuantizationSteps(options.Quality, chroma: true)];
        WriteHeaders(writer, layout, color ? steps : steps[..1], options.Metadata);

        var coder = new JpegBlockCoder(writer);
        JpegPlane[] planes = Array.ConvertAll(layout.Components, c => new JpegPlane(c, 1));
        try
        {
            JpegQuantizer[] quantizers = Array.ConvertAll(steps, s => new JpegQuantizer(s));
            for (int row = 0; row < layout.McuRows; row++)
            {
                sampler.Load(row, planes);
                for (int c = 0; c < planes.Length; c++)
                {
                    JpegLayout.Component component = layout.Components[c];
                    for (int v = 0; v < component.V; v++)
                        quantizers[Math.Min(c, 1)].Forward(planes[c].BlockRow((row * component.V) + v), component.Stride, component.PaddedBlockColumns);
                }

                EncodeRow(row, layout, planes, coder, writer);
            }
        }
        finally
        {
            foreach (JpegPlane plane in planes)
                plane.Dispose();
        }

        coder.End();
        writer.WriteBytes([0xFF, JpegMarkers.EndOfImage]);
        writer.Flush();
    }

    private static void EncodeRow(int row, JpegLayout layout, JpegPlane[] planes, JpegBlockCoder coder, JpegByteWriter writer)
    {
        for (int column = 0; column < layout.McuColumns; column++)
        {
            for (int c = 0; c < planes.Length; c++)
            {
                JpegLayout.Component component = layout.Components[c];
                writer.Reserve(component.H * component.V * MaxBlockBytes);
                ReadOnlySpan<short> strip = planes[c].Strip(row);
                // Blocks outside the image are at the right and below, so that those inside are a rectangle.
                int rows = Math.Min(component.V, component.BlockRows - (row * component.V));
                int columns = Math.Min(component.H, component.BlockColumns - (column * component.H));
                for (int v = 0; v < rows; v++)
                {
                    for (int h = 0; h < columns; h++)
                        coder.Load((v * component.H) + h, strip[((v * 8 * component.Stride) + (((column * component.H) + h) * 8))..], component.Stride);
                }

                for (int v = 0; v < component.V; v++)
                {
                    for (int h = 0; h < component.H; h++)
                    {
                        if (v < rows && h < columns)
                            coder.Write((v * component.H) + h, c);
                        else
                            coder.WriteFlat(c);
                    }
                }
            }
        }
    }

    private static void WriteHeaders(JpegByteWriter writer, JpegLayout layout, ushort[][] steps, ImageMetadata metadata)
    {
        writer.WriteBytes([0xFF, JpegMarkers.StartOfImage]);
        JpegMetadataWriter.Write(writer, metadata, layout.Components.Length);
        Span<byte> table = stackalloc byte[1 + JpegTables.BlockLength];
        for (int slot = 0; slot < steps.Length; slot++)
        {
            table[0] = (byte)slot;
            for (int k = 0; k < JpegTables.BlockLength; k++)
                table[1 + k] = (byte)steps[slot][JpegTables.Zigzag[k]];
            WriteSegment(writer, JpegMarkers.QuantizationTables, table);
        }

        JpegLayout.Component[] components = layout.Components;
        Span<byte> frame = stackalloc byte[6 + (3 * components.Length)];
        frame[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(frame[1..], (ushort)layout.Height);
        BinaryPrimitives.WriteUInt16BigEndian(frame[3..], (ushort)layout.Width);
        frame[5] = (byte)components.Length;
        Span<byte> scan = stackalloc byte[4 + (2 * components.Length)];
        scan[0] = (byte)components.Length;
        for (int c = 0; c < components.Length; c++)
        {
            int slot = Math.Min(c, 1);
            frame[6 + (3 * c)] = (byte)(c + 1);
            frame[7 + (3 * c)] = (byte)((components[c].H << 4) | components[c].V);
            frame[8 + (3 * c)] = (byte)slot;
            scan[1 + (2 * c)] = (byte)(c + 1);
            scan[2 + (2 * c)] = (byte)((slot << 4) | slot);
        }

        scan[^3] = 0;
        scan[^2] = JpegTables.BlockLength - 1;
        scan[^1] = 0;
        WriteSegment(writer, JpegMarkers.StartOfFrame0, frame);
        for (int slot = 0; slot < steps.Length; slot++)
        {
            WriteHuffmanTable(writer, slot, slot == 0 ? JpegHuffmanSpec.DcLuma : JpegHuffmanSpec.DcChroma);
            WriteHuffmanTable(writer, 0x10 | slot, slot == 0 ? JpegHuffmanSpec.AcLuma : JpegHuffmanSpec.AcChroma);
        }

        WriteSegment(writer, JpegMarkers.StartOfScan, scan);
    }

    /// <summary>Writes a marker, the length of its content, and the content.</summary>
    internal static void WriteSegment(JpegByteWriter writer, int marker, ReadOnlySpan<byte> content)
    {
        Span<byte> start = [0xFF, (byte)marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(start[2..], (ushort)(content.Length + 2));
        writer.WriteBytes(start);
        writer.WriteBytes(content);
    }

    private static void WriteHuffmanTable(JpegByteWriter writer, int selector, JpegHuffmanSpec spec) =>
        WriteSegment(writer, JpegMarkers.HuffmanTables, [(byte)selector, .. spec.Counts, .. spec.Symbols]);
}
