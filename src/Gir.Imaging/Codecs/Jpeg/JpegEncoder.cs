using System.Buffers.Binary;
using System.Numerics;
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
        using var writer = new JpegBitWriter(destination);
        JpegLayout layout = sampler.Layout;
        bool color = layout.Components.Length > 1;
        ushort[][] steps = [JpegTables.QuantizationSteps(options.Quality, chroma: false), JpegTables.QuantizationSteps(options.Quality, chroma: true)];
        WriteHeaders(writer, layout, color ? steps : steps[..1]);

        JpegPlane[] planes = Array.ConvertAll(layout.Components, c => new JpegPlane(c, 1));
        try
        {
            var coder = new BlockCoder(writer);
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

        writer.EndBits();
        writer.WriteBytes([0xFF, JpegMarkers.EndOfImage]);
        writer.Flush();
    }

    private static void EncodeRow(int row, JpegLayout layout, JpegPlane[] planes, BlockCoder coder, JpegBitWriter writer)
    {
        for (int column = 0; column < layout.McuColumns; column++)
        {
            for (int c = 0; c < planes.Length; c++)
            {
                JpegLayout.Component component = layout.Components[c];
                writer.Reserve(component.H * component.V * MaxBlockBytes);
                for (int v = 0; v < component.V; v++)
                {
                    for (int h = 0; h < component.H; h++)
                    {
                        (int blockRow, int blockColumn) = ((row * component.V) + v, (column * component.H) + h);
                        if (blockRow < component.BlockRows && blockColumn < component.BlockColumns)
                            coder.Write(planes[c].BlockRow(blockRow)[(blockColumn * 8)..], component.Stride, c);
                        else
                            coder.WriteFlat(c);
                    }
                }
            }
        }
    }

    private static void WriteHeaders(JpegBitWriter writer, JpegLayout layout, ushort[][] steps)
    {
        writer.WriteBytes([0xFF, JpegMarkers.StartOfImage]);
        // JFIF 1.1, square pixels of no stated size, no thumbnail.
        WriteSegment(writer, JpegMarkers.App0, [(byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
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

    private static void WriteHuffmanTable(JpegBitWriter writer, int selector, JpegHuffmanSpec spec) =>
        WriteSegment(writer, JpegMarkers.HuffmanTables, [(byte)selector, .. spec.Counts, .. spec.Symbols]);

    private static void WriteSegment(JpegBitWriter writer, int marker, ReadOnlySpan<byte> content)
    {
        Span<byte> start = [0xFF, (byte)marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(start[2..], (ushort)(content.Length + 2));
        writer.WriteBytes(start);
        writer.WriteBytes(content);
    }

    /// <summary>Codes blocks: ITU-T T.81 F.1.2.</summary>
    private sealed class BlockCoder(JpegBitWriter writer)
    {
        private readonly uint[][] _dc = [Codes(JpegHuffmanSpec.DcLuma), Codes(JpegHuffmanSpec.DcChroma)];
        private readonly uint[][] _ac = [Codes(JpegHuffmanSpec.AcLuma), Codes(JpegHuffmanSpec.AcChroma)];
        private readonly int[] _predictions = new int[3];
        private readonly short[] _coefficients = new short[JpegTables.BlockLength];

        public void Write(ReadOnlySpan<short> block, int stride, int component)
        {
            int slot = Math.Min(component, 1);
            uint[] ac = _ac[slot];
            int difference = block[0] - _predictions[component];
            _predictions[component] = block[0];
            WriteValue(_dc[slot], 0, difference);
            ulong nonzero = JpegZigzagGather.Gather(block, stride, _coefficients) & ~1UL;
            int last = 0;
            for (; nonzero != 0; nonzero &= nonzero - 1)
            {
                int k = BitOperations.TrailingZeroCount(nonzero);
                int run = k - last - 1;
                for (; run > 15; run -= 16)
                    WriteCode(ac[0xF0]);
                WriteValue(ac, run << 4, _coefficients[k]);
                last = k;
            }

            if (last < JpegTables.BlockLength - 1)
                WriteCode(ac[0]);
        }

        /// <summary>A block outside the image: as the one before it, without detail.</summary>
        public void WriteFlat(int component)
        {
            int slot = Math.Min(component, 1);
            WriteCode(_dc[slot][0]);
            WriteCode(_ac[slot][0]);
        }

        // By symbol: code * 256 + length.
        private static uint[] Codes(JpegHuffmanSpec spec)
        {
            var codes = new uint[256];
            uint code = 0;
            int symbol = 0;
            for (int length = 1; length <= 16; length++, code <<= 1)
            {
                for (int i = 0; i < spec.Counts[length - 1]; i++)
                    codes[spec.Symbols[symbol++]] = (code++ << 8) | (uint)length;
            }

            return codes;
        }

        private void WriteCode(uint entry) => writer.WriteBits(entry >> 8, (int)(entry & 0xFF));

        private void WriteValue(uint[] codes, int run, int value)
        {
            int size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
            uint entry = codes[run | size];
            // Negative values are stored as their one's complement.
            uint bits = (uint)(value + (value >> 31)) & ((1u << size) - 1);
            writer.WriteBits(((entry >> 8) << size) | bits, (int)(entry & 0xFF) + size);
        }
    }
}
