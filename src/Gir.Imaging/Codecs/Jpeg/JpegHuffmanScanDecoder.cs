using System.Runtime.CompilerServices;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Decodes the Huffman-coded blocks of one scan: ITU-T T.81 F.2.2 (sequential) and G.2 (progressive).</summary>
internal ref struct JpegHuffmanScanDecoder : IJpegBlockDecoder
{
    private readonly JpegFrame _frame;
    private readonly JpegScan _scan;
    private readonly Coding _coding;
    private readonly int _restartInterval;
    private readonly JpegHuffmanTable?[] _dcTables;
    private readonly JpegHuffmanTable?[] _acTables;
    private readonly int[] _offsets;
    private readonly int[] _predictions = new int[4];
    private readonly DecodeWarnings _warnings;
    private bool _isCut;
    private bool _isCutInCode;
    private JpegBitReader _reader;
    private int _untilRestart;
    private int _nextRestart;
    private int _endOfBandRun;

    /// <summary>Begins a scan.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="position">Where the entropy-coded data begin.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="scan">The scan's header.</param>
    /// <param name="dcTables">One per component of the scan, where needed.</param>
    /// <param name="acTables">One per component of the scan, where needed.</param>
    /// <param name="restartInterval">MCUs between restart markers; 0 for none.</param>
    /// <param name="warnings">Receives what is harmless.</param>
    public JpegHuffmanScanDecoder(
        ReadOnlySpan<byte> file,
        int position,
        JpegFrame frame,
        JpegScan scan,
        JpegHuffmanTable?[] dcTables,
        JpegHuffmanTable?[] acTables,
        int restartInterval,
        DecodeWarnings warnings)
    {
        _warnings = warnings;
        _frame = frame;
        _scan = scan;
        _dcTables = dcTables;
        _acTables = acTables;
        _restartInterval = restartInterval;
        _untilRestart = restartInterval;
        _reader = new JpegBitReader(file, position);
        _coding = (frame.Process.Progressive, scan.Start, scan.High) switch
        {
            (false, _, _) => Coding.Sequential,
            (_, 0, 0) => Coding.DcFirst,
            (_, 0, _) => Coding.DcRefinement,
            (_, _, 0) => Coding.AcFirst,
            _ => Coding.AcRefinement,
        };
        _offsets = JpegTables.CoefficientOffsets(frame.Layout);
    }

    private enum Coding
    {
        Sequential,
        DcFirst,
        DcRefinement,
        AcFirst,
        AcRefinement,
    }

    /// <summary>Where reading stands.</summary>
    public readonly int Position => _reader.Position;

    /// <summary>Decodes one row of MCUs (or of blocks, in a scan of one component) into the components' planes.</summary>
    public void DecodeRow(int row, ReadOnlySpan<JpegPlane> planes)
    {
        int columns = _scan.Columns(_frame.Layout);
        for (int column = 0; column < columns; column++)
        {
            if (_restartInterval > 0 && _untilRestart-- == 0)
                Restart(row, column);
            // What no data are left for stays as it is: gray, or as earlier scans made it.
            if (_isCut)
                return;
            JpegMcu.Decode(ref this, _frame, _scan, _offsets, row, column, planes);
            if (_reader.IsOverrun || _isCutInCode)
                Cut(row, column);
        }
    }

    /// <inheritdoc/>
    public void DecodeBlock(int index, Span<short> block, ReadOnlySpan<int> offsets)
    {
        switch (_coding)
        {
            case Coding.Sequential:
                DecodeDc(index, block, 0);
                DecodeSequentialAc(_acTables[index]!, block, offsets);
                break;
            case Coding.DcFirst:
                DecodeDc(index, block, _scan.Low);
                break;
            case Coding.DcRefinement:
                if (_reader.Read(1) != 0)
                    block[0] |= (short)(1 << _scan.Low);
                break;
            case Coding.AcFirst:
                DecodeFirstAc(_acTables[index]!, block, offsets);
                break;
            default:
                DecodeAcRefinement(_acTables[index]!, block, offsets);
                break;
        }
    }

    private void Cut(int row, int column)
    {
        JpegCut.Check(
            _reader.PeekMarker(), _reader.Position, row, column, _scan.Rows(_frame.Layout), _scan.Columns(_frame.Layout), _warnings);
        _isCut = true;
    }

    private void Restart(int row, int column)
    {
        if (_reader.PeekMarker() is -1 or JpegMarkers.EndOfImage)
        {
            Cut(row, column);
            return;
        }

        JpegError.CheckRestart(_reader.TakeMarker(), _nextRestart, _reader.Position);
        _nextRestart = (_nextRestart + 1) & 7;
        _untilRestart = _restartInterval - 1;
        _endOfBandRun = 0;
        Array.Clear(_predictions);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void DecodeDc(int index, Span<short> block, int low)
    {
        int size = _reader.ReadSymbol(_dcTables[index]!);
        if (size < 0)
        {
            RefuseBadCode();
            size = 0;
        }

        _predictions[index] += _reader.ReadSigned(size);
        block[0] = (short)(_predictions[index] << low);
    }

    private void DecodeSequentialAc(JpegHuffmanTable table, Span<short> block, ReadOnlySpan<int> offsets)
    {
        ReadOnlySpan<int> values = table.Values;
        ulong bits = _reader.Bits;
        int count = _reader.Count;
        int k = 1;
        while (k < JpegTables.BlockLength)
        {
            // A code and its coefficient take 31 bits at most.
            if (count < 32)
            {
                _reader.Bits = bits;
                _reader.Count = count;
                _reader.Refill();
                bits = _reader.Bits;
                count = _reader.Count;
            }

            int entry = values[(int)(bits >> (64 - JpegHuffmanTable.LookBits))];
            if ((entry & JpegHuffmanTable.HasValue) != 0)
            {
                int used = entry & 0x7F;
                bits <<= used;
                count -= used;
                k += (entry >> 8) & 15;
                block[offsets[k]] = (short)(entry >> 16);
                k++;
                continue;
            }

            int length = entry & 0xFF;
            int symbol = (entry >> 8) & 0xFF;
            if (length == 0)
            {
                symbol = table.DecodeLong((int)(bits >> 48), out length);
                if (length > 16)
                {
                    _reader.Count = count;
                    RefuseBadCode();
                    break;
                }
            }

            bits <<= length;
            count -= length;
            int size = symbol & 15;
            int run = symbol >> 4;
            if (size == 0)
            {
                if (run != 15)
                    break;
                k += 16;
                continue;
            }

            k += run;
            int value = (int)(bits >> (64 - size));
            bits <<= size;
            count -= size;
            value = value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
            block[offsets[k]] = (short)value;
            k++;
        }

        _reader.Bits = bits;
        _reader.Count = count;
        if (k > JpegTables.BlockLength)
            RefuseOvershoot();
    }

    private void DecodeFirstAc(JpegHuffmanTable table, Span<short> block, ReadOnlySpan<int> offsets)
    {
        if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
            return;
        }

        for (int k = _scan.Start; k <= _scan.End; k++)
        {
            int symbol = ReadSymbol(table);
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (size == 0)
            {
                if (run != 15)
                {
                    _endOfBandRun = (1 << run) + _reader.Read(run) - 1;
                    return;
                }

                k += 15;
                continue;
            }

            k += run;
            if (k > _scan.End)
            {
                RefuseOvershoot();
                return;
            }

            block[offsets[k]] = (short)(_reader.ReadSigned(size) << _scan.Low);
        }
    }

    private void DecodeAcRefinement(JpegHuffmanTable table, Span<short> block, ReadOnlySpan<int> offsets)
    {
        int plus = 1 << _scan.Low;
        int k = _scan.Start;
        if (_endOfBandRun == 0)
        {
            for (; k <= _scan.End; k++)
            {
                int symbol = ReadSymbol(table);
                (int run, int size) = (symbol >> 4, symbol & 15);
                int value = 0;
                if (size == 0)
                {
                    if (run != 15)
                    {
                        _endOfBandRun = (1 << run) + _reader.Read(run);
                        break;
                    }
                }
                else if (size == 1)
                {
                    value = _reader.Read(1) != 0 ? plus : -plus;
                }
                else
                {
                    RefuseBadCode();
                }

                // The run counts coefficients that are still zero; those between them are refined.
                for (; k <= _scan.End; k++)
                {
                    ref short coefficient = ref block[offsets[k]];
                    if (coefficient != 0)
                        Refine(ref coefficient, plus);
                    else if (--run < 0)
                        break;
                }

                if (value == 0)
                    continue;
                if (k > _scan.End)
                {
                    RefuseOvershoot();
                    return;
                }

                block[offsets[k]] = (short)value;
            }
        }

        if (_endOfBandRun == 0)
            return;
        for (; k <= _scan.End; k++)
        {
            ref short coefficient = ref block[offsets[k]];
            if (coefficient != 0)
                Refine(ref coefficient, plus);
        }

        _endOfBandRun--;
    }

    private void Refine(ref short coefficient, int plus)
    {
        if (_reader.Read(1) != 0 && (coefficient & plus) == 0)
            coefficient += (short)(coefficient >= 0 ? plus : -plus);
    }

    private int ReadSymbol(JpegHuffmanTable table)
    {
        int symbol = _reader.ReadSymbol(table);
        if (symbol >= 0)
            return symbol;
        RefuseBadCode();
        return 0;
    }

    private void RefuseBadCode() => Refuse("bits that are no Huffman code of the table in use");

    private void RefuseOvershoot() => Refuse("a run of zeros goes beyond the block's last coefficient");

    // The zeros that follow data which were cut off need not make sense; that they were is noticed after the MCU.
    private void Refuse(string reason)
    {
        if (!_reader.IsNearEnd)
            JpegError.Throw(_reader.Position, reason);
        _isCutInCode = true;
    }
}
