using System.Buffers.Binary;
using static Gir.Imaging.Codecs.Jpeg.JpegMarkers;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Reads the marker segments of a file up to its next scan, and keeps what they define.</summary>
internal ref struct JpegHeaderReader
{
    private const int SamplePrecision = 8;

    private readonly ReadOnlySpan<byte> _file;
    private readonly ImageDecodeOptions _options;
    private readonly DecodeWarnings _warnings;
    private readonly JpegMetadataReader _metadata = new();
    private bool _isJfif;
    private int _adobeTransform = -1;
    private bool _hasExif;

    public JpegHeaderReader(ReadOnlySpan<byte> file, ImageDecodeOptions options, DecodeWarnings warnings)
    {
        _warnings = warnings;
        _file = file;
        _options = options;
        if (file.Length < 2 || file[0] != 0xFF || file[1] != StartOfImage)
            JpegError.Throw(0, "the file does not begin with FFD8 (start of image)");
        Position = 2;
    }

    /// <summary>The first byte not yet read.</summary>
    public int Position { get; set; }

    /// <summary>The frame header, once it was read.</summary>
    public JpegFrame? Frame { get; private set; }

    /// <summary>Where it stands.</summary>
    public int FrameOffset { get; private set; }

    /// <summary>Where the end-of-image marker was met.</summary>
    public int EndOffset { get; private set; }

    /// <summary>EXIF orientation, 1..8.</summary>
    public int Orientation { get; private set; } = 1;

    /// <summary>MCUs between restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>Quantization tables by slot, natural order.</summary>
    public ushort[]?[] QuantizationTables { get; } = new ushort[]?[4];

    /// <summary>Huffman tables for direct-current differences by slot; those of Annex K where a file (motion JPEG) leaves them out.</summary>
    public JpegHuffmanSpec?[] DcTables { get; } = [JpegHuffmanSpec.DcLuma, JpegHuffmanSpec.DcChroma, null, null];

    /// <summary>Huffman tables for alternating-current coefficients by slot.</summary>
    public JpegHuffmanSpec?[] AcTables { get; } = [JpegHuffmanSpec.AcLuma, JpegHuffmanSpec.AcChroma, null, null];

    /// <summary>The harmless defects found so far.</summary>
    public readonly DecodeWarnings Warnings => _warnings;

    /// <summary>Profile and resolution, for an image of so many channels.</summary>
    public readonly ImageMetadata Metadata(int channels) => _metadata.ToMetadata(channels, _warnings);

    /// <summary>Conditioning of the arithmetic coder.</summary>
    public JpegConditioning Conditioning { get; } = new();

    /// <summary>What the components mean: libjpeg's rules.</summary>
    public readonly JpegColorModel ColorModel
    {
        get
        {
            JpegFrame.ComponentInfo[] components = Frame!.Components;
            if (components.Length == 1)
                return JpegColorModel.Gray;
            if (components.Length == 4)
                return _adobeTransform is -1 or 0 ? JpegColorModel.Cmyk : JpegColorModel.Ycck;
            if (_isJfif)
                return JpegColorModel.YCbCr;
            if (_adobeTransform >= 0)
                return _adobeTransform == 0 ? JpegColorModel.Rgb : JpegColorModel.YCbCr;
            bool named = components[0].Id == 'R' && components[1].Id == 'G' && components[2].Id == 'B';
            return named ? JpegColorModel.Rgb : JpegColorModel.YCbCr;
        }
    }

    /// <summary>Reads on to the next scan header.</summary>
    /// <returns>The scan, or null at the end of the image; <see cref="Position"/> is behind it.</returns>
    public JpegScan? ReadToScan()
    {
        while (true)
        {
            int marker = FindMarker(_file, Position);
            if (marker < 0)
                JpegError.Throw(_file.Length, "the file ends before its end-of-image marker");
            Position = marker + 1;
            int code = _file[marker];
            if (code == EndOfImage)
            {
                EndOffset = marker - 1;
                return null;
            }

            if (code == StartOfImage)
                JpegError.Throw(marker - 1, "a second start-of-image marker");
            if (code is >= Restart0 and <= Restart7 or Temporary)
                continue;
            int offset = marker - 1;
            ReadOnlySpan<byte> segment = TakeSegment(code, offset);
            switch (code)
            {
                case StartOfScan:
                    return ReadScan(segment, offset);
                case StartOfFrame0 or StartOfFrame1 or StartOfFrame2:
                case StartOfFrame9 or StartOfFrame10:
                    ReadFrame(segment, offset, new JpegProcess(code is StartOfFrame2 or StartOfFrame10, code >= StartOfFrame9));
                    break;
                case HuffmanTables:
                    ReadHuffmanTables(segment, offset);
                    break;
                case ArithmeticConditioning:
                    ReadConditioning(segment, offset);
                    break;
                case >= StartOfFrame0 and <= StartOfFrame15:
                    RefuseFrame(code, offset);
                    break;
                case JpegMarkers.QuantizationTables:
                    ReadQuantizationTables(segment, offset);
                    break;
                case JpegMarkers.RestartInterval:
                    if (segment.Length != 2)
                        JpegError.Throw(offset, $"the restart interval segment holds {segment.Length} bytes; expected 2");
                    RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case App0:
                    ReadJfif(segment, offset);
                    break;
                case App2:
                    _metadata.AddProfilePart(segment, offset);
                    break;
                case App1:
                    ReadExif(segment);
                    break;
                case App14:
                    if (segment.Length >= 12 && segment.StartsWith("Adobe"u8))
                        _adobeTransform = segment[11];
                    break;
                default:
                    break;
            }
        }
    }

    private static void RefuseFrame(int code, int offset)
    {
        string kind = code switch
        {
            0xC3 or 0xCB => "lossless coding",
            0xC5 or 0xC6 or 0xC7 or 0xCD or 0xCE or 0xCF => "hierarchical coding",
            _ => "a reserved coding process",
        };
        JpegError.Throw(offset, $"frame marker FF{code:X2}: {kind} is not supported");
    }

    private ReadOnlySpan<byte> TakeSegment(int code, int offset)
    {
        if (Position + 2 > _file.Length)
            JpegError.Throw(offset, $"the file ends in the length of segment FF{code:X2}");
        int length = BinaryPrimitives.ReadUInt16BigEndian(_file[Position..]);
        if (length < 2)
            JpegError.Throw(offset, $"segment FF{code:X2} has length {length}; at least 2 expected");
        if (Position + length > _file.Length)
            JpegError.Throw(offset, $"segment FF{code:X2} has length {length}, but the file ends after {_file.Length - Position} bytes of it");
        ReadOnlySpan<byte> segment = _file.Slice(Position + 2, length - 2);
        Position += length;
        return segment;
    }

    private void ReadJfif(ReadOnlySpan<byte> segment, int offset)
    {
        if (!segment.StartsWith("JFIF\0"u8))
            return;
        // libjpeg does not believe a shorter one, and then goes by the Adobe segment or the components' numbers.
        if (segment.Length < JpegMetadataReader.JfifLength)
        {
            _warnings.Add(offset, $"a JFIF segment of {segment.Length} bytes is passed over; expected {JpegMetadataReader.JfifLength}");
            return;
        }

        _isJfif = true;
        _metadata.SetJfif(segment);
    }

    private void ReadExif(ReadOnlySpan<byte> segment)
    {
        if (_hasExif || !segment.StartsWith("Exif"u8))
            return;
        _hasExif = true;
        Orientation = JpegExif.ReadOrientation(segment);
    }

    private readonly void ReadQuantizationTables(ReadOnlySpan<byte> segment, int offset)
    {
        while (segment.Length > 0)
        {
            (int precision, int slot) = (segment[0] >> 4, segment[0] & 15);
            if (slot > 3 || precision > 1)
                JpegError.Throw(offset, $"quantization table {slot} of precision {precision}; slots 0..3 and precisions 0..1 expected");
            int bytes = JpegTables.BlockLength * (precision + 1);
            if (segment.Length < 1 + bytes)
                JpegError.Throw(offset, $"a quantization table of {bytes} bytes is cut off");
            var table = new ushort[JpegTables.BlockLength];
            for (int k = 0; k < table.Length; k++)
            {
                table[JpegTables.Zigzag[k]] = precision == 0
                    ? segment[1 + k]
                    : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * k))..]);
            }

            QuantizationTables[slot] = table;
            segment = segment[(1 + bytes)..];
        }
    }

    private readonly void ReadHuffmanTables(ReadOnlySpan<byte> segment, int offset)
    {
        while (segment.Length > 0)
        {
            if (segment.Length < 17)
                JpegError.Throw(offset, "a Huffman table is cut off");
            (int kind, int slot) = (segment[0] >> 4, segment[0] & 15);
            byte[] counts = segment.Slice(1, 16).ToArray();
            int symbols = counts.Sum(c => c);
            if (kind > 1 || slot > 3)
                JpegError.Throw(offset, $"Huffman table of class {kind} in slot {slot}; classes 0..1 and slots 0..3 expected");
            if (symbols > 256 || symbols > segment.Length - 17)
                JpegError.Throw(offset, $"a Huffman table of {symbols} codes; at most 256, and as many symbols as the segment holds, expected");
            JpegHuffmanSpec?[] tables = kind == 0 ? DcTables : AcTables;
            tables[slot] = new JpegHuffmanSpec(counts, segment.Slice(17, symbols).ToArray());
            segment = segment[(17 + symbols)..];
        }
    }

    private readonly void ReadConditioning(ReadOnlySpan<byte> segment, int offset)
    {
        if ((segment.Length & 1) != 0)
            JpegError.Throw(offset, $"the arithmetic conditioning segment holds {segment.Length} bytes; expected pairs");
        for (; segment.Length > 0; segment = segment[2..])
        {
            (int kind, int slot, byte value) = (segment[0] >> 4, segment[0] & 15, segment[1]);
            (byte lower, byte upper) = ((byte)(value & 15), (byte)(value >> 4));
            if (kind > 1 || slot > 3 || (kind == 0 ? lower > upper : value is < 1 or > 63))
                JpegError.Throw(offset, $"arithmetic conditioning {value} of class {kind} in slot {slot}");
            if (kind == 1)
                Conditioning.Split[slot] = value;
            else
                (Conditioning.Lower[slot], Conditioning.Upper[slot]) = (lower, upper);
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> segment, int offset, JpegProcess process)
    {
        if (Frame is not null)
            JpegError.Throw(offset, "a second frame header");
        if (segment.Length < 6 || segment.Length != 6 + (3 * segment[5]))
            JpegError.Throw(offset, $"a frame header of {segment.Length} bytes; expected 6 and 3 for each component");
        if (segment[0] != SamplePrecision)
            JpegError.Throw(offset, $"{segment[0]} bits per sample are not supported; expected {SamplePrecision}");
        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        int count = segment[5];
        if (count is not (1 or 3 or 4))
            JpegError.Throw(offset, $"{count} components are not supported; expected 1, 3 or 4");
        DecodeLimits.Check(JpegCodec.FormatName, offset, Math.Min(count, 3), height, width, _options);

        var components = new JpegFrame.ComponentInfo[count];
        var factors = new (int H, int V)[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = segment.Slice(6 + (3 * i), 3);
            factors[i] = (entry[1] >> 4, entry[1] & 15);
            if (factors[i].H is < 1 or > 4 || factors[i].V is < 1 or > 4)
                JpegError.Throw(offset, $"component {i} has sampling factors {factors[i].H} x {factors[i].V}; expected 1..4 each");
            if (entry[2] > 3)
                JpegError.Throw(offset, $"component {i} asks for quantization table {entry[2]}; expected 0..3");
            for (int j = 0; j < i; j++)
            {
                if (components[j].Id == entry[0])
                    JpegError.Throw(offset, $"components {j} and {i} have the same number {entry[0]}");
            }

            components[i] = new JpegFrame.ComponentInfo(entry[0], entry[2]);
        }

        // The factors of a lone component mean nothing: its scans are of single blocks.
        if (count == 1)
            factors[0] = (1, 1);
        var layout = new JpegLayout(width, height, factors);
        CheckFrame(layout, offset, process);
        Frame = new JpegFrame(process, layout, components);
        FrameOffset = offset;
    }

    private readonly void CheckFrame(JpegLayout layout, int offset, JpegProcess process)
    {
        long blocks = 0;
        foreach (JpegLayout.Component component in layout.Components)
        {
            if (layout.MaxH % component.H != 0 || layout.MaxV % component.V != 0)
                JpegError.Throw(offset, $"sampling factors {component.H} x {component.V} beside {layout.MaxH} x {layout.MaxV}: fractional ratios are not supported");
            blocks += (long)component.BlockColumns * component.BlockRows;
            if ((long)component.Stride * layout.McuRows * component.V * 8 > Array.MaxLength)
                JpegError.Throw(offset, "a component is larger than can be held in memory");
        }

        // Every block takes a bit at least for its first coefficient, and in sequential scans one more for the end of the block:
        // what claims more blocks than that is refused before anything of their size is allocated.
        // Arithmetic codes go far below that; of large images a bit for 64 blocks is asked, a fiftieth of what noiseless drawings take.
        long bits = process switch
        {
            { Arithmetic: true } => blocks < 1 << 18 ? 0 : blocks / 64,
            { Progressive: true } => blocks,
            _ => 2 * blocks,
        };
        if (bits > 8L * (_file.Length - Position))
        {
            JpegError.Throw(
                offset, $"{layout.Width} x {layout.Height} pixels need {bits / 8} bytes of data at least, but the file has {_file.Length - Position} left");
        }
    }

    private readonly JpegScan ReadScan(ReadOnlySpan<byte> segment, int offset)
    {
        if (Frame is null)
            JpegError.Throw(offset, "a scan before the frame header");
        int count = segment.Length > 0 ? segment[0] : 0;
        if (count is < 1 or > 4 || segment.Length != 4 + (2 * count))
            JpegError.Throw(offset, $"a scan header of {count} components and {segment.Length} bytes; expected 1..4 components, and 4 bytes and 2 for each");
        var components = new int[count];
        var dc = new int[count];
        var ac = new int[count];
        int blocksPerMcu = 0;
        for (int i = 0; i < count; i++)
        {
            int id = segment[1 + (2 * i)];
            components[i] = Array.FindIndex(Frame.Components, c => c.Id == id);
            if (components[i] < 0)
                JpegError.Throw(offset, $"the scan names component {id}, which the frame does not have");
            if (Array.IndexOf(components, components[i], 0, i) >= 0)
                JpegError.Throw(offset, $"the scan names component {id} twice");
            (dc[i], ac[i]) = (segment[2 + (2 * i)] >> 4, segment[2 + (2 * i)] & 15);
            if (dc[i] > 3 || ac[i] > 3)
                JpegError.Throw(offset, $"the scan asks for Huffman tables {dc[i]} and {ac[i]}; expected 0..3");
            JpegLayout.Component component = Frame.Layout.Components[components[i]];
            blocksPerMcu += component.H * component.V;
        }

        if (count > 1 && blocksPerMcu > 10)
            JpegError.Throw(offset, $"{blocksPerMcu} blocks per MCU; at most 10 expected");
        ReadOnlySpan<byte> rest = segment[(1 + (2 * count))..];
        var scan = new JpegScan(components, dc, ac, rest[0], rest[1], rest[2] >> 4, rest[2] & 15);
        CheckProgress(scan, offset);
        return scan;
    }

    /// <summary>Refuses scans that tell nothing new, which also bounds the work that a file can ask for.</summary>
    private readonly void CheckProgress(JpegScan scan, int offset)
    {
        bool progressive = Frame!.Process.Progressive;
        (int start, int end) = progressive ? (scan.Start, scan.End) : (0, JpegTables.BlockLength - 1);
        int low = progressive ? scan.Low : 0;
        if (progressive)
        {
            bool band = start == 0 ? end == 0 : start <= end && end < JpegTables.BlockLength && scan.Components.Length == 1;
            bool bits = low <= 13 && (scan.High == 0 || scan.High == low + 1);
            if (!band || !bits)
                JpegError.Throw(offset, $"a progressive scan of coefficients {start}..{end} and bits {scan.High}..{low} over {scan.Components.Length} components");
        }

        foreach (int component in scan.Components)
        {
            sbyte[] missing = Frame.Components[component].MissingBits;
            for (int k = start; k <= end; k++)
            {
                bool first = scan.High == 0 || !progressive;
                if (first ? missing[k] >= 0 : missing[k] != scan.High)
                    JpegError.Throw(offset, $"coefficient {k} of component {component} is coded twice or out of order");
                if (start > 0 && missing[0] < 0)
                    JpegError.Throw(offset, $"coefficients {start}..{end} of component {component} come before coefficient 0");
                missing[k] = (sbyte)low;
            }
        }
    }
}
