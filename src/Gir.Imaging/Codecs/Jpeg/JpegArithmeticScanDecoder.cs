namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Decodes the arithmetic-coded blocks of one scan: ITU-T T.81 F.2.4 (sequential) and G.2.3 (progressive).</summary>
internal ref struct JpegArithmeticScanDecoder : IJpegBlockDecoder
{
    private const int DcStates = 64;
    private const int AcStates = 256;
    private const int DcMagnitudeStates = 20;
    private const int LowMagnitudeStates = 189;
    private const int HighMagnitudeStates = 217;
    private const int BitStatesAfter = 14;
    private const int MagnitudeLimit = 0x8000;

    private readonly JpegFrame _frame;
    private readonly JpegScan _scan;
    private readonly JpegConditioning _conditioning;
    private readonly int _restartInterval;
    private readonly int[] _offsets;
    private readonly byte[] _dcStates = new byte[4 * DcStates];
    private readonly byte[] _acStates = new byte[4 * AcStates];
    private readonly int[] _predictions = new int[4];
    private readonly int[] _contexts = new int[4];
    private readonly DecodeWarnings _warnings;
    private bool _isCut;
    private bool _isStopped;
    private JpegArithmeticReader _reader;
    private int _untilRestart;
    private int _nextRestart;

    /// <summary>Begins a scan.</summary>
    public JpegArithmeticScanDecoder(
        ReadOnlySpan<byte> file, int position, JpegFrame frame, JpegScan scan, JpegConditioning conditioning, int restartInterval, DecodeWarnings warnings)
    {
        _warnings = warnings;
        _frame = frame;
        _scan = scan;
        _conditioning = conditioning;
        _restartInterval = restartInterval;
        _untilRestart = restartInterval;
        _reader = new JpegArithmeticReader(file, position);
        _offsets = JpegTables.CoefficientOffsets(frame.Layout);
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
            if (_isStopped)
                return;
            JpegMcu.Decode(ref this, _frame, _scan, _offsets, row, column, planes);
            // Unlike Huffman decoding, libjpeg goes on with zeros: encoders leave them out.
            if (_reader.IsOverrun && !_isCut)
                Cut(row, column);
        }
    }

    /// <inheritdoc/>
    public void DecodeBlock(int index, Span<short> block, ReadOnlySpan<int> offsets)
    {
        if (!_frame.Process.Progressive)
        {
            DecodeDc(index, block, 0);
            DecodeAc(index, block, offsets, 1, JpegTables.BlockLength - 1, 0);
        }
        else if (_scan.Start > 0)
        {
            if (_scan.High == 0)
                DecodeAc(index, block, offsets, _scan.Start, _scan.End, _scan.Low);
            else
                RefineAc(index, block, offsets);
        }
        else if (_scan.High == 0)
        {
            DecodeDc(index, block, _scan.Low);
        }
        else if (_reader.DecodeFixed())
        {
            block[0] |= (short)(1 << _scan.Low);
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
            _isStopped = true;
            return;
        }

        JpegError.CheckRestart(_reader.TakeMarker(), _nextRestart, _reader.Position);
        _nextRestart = (_nextRestart + 1) & 7;
        _untilRestart = _restartInterval - 1;
        Array.Clear(_dcStates);
        Array.Clear(_acStates);
        Array.Clear(_predictions);
        Array.Clear(_contexts);
    }

    private void DecodeDc(int index, Span<short> block, int low)
    {
        int table = _scan.DcTables[index];
        Span<byte> states = _dcStates.AsSpan(table * DcStates, DcStates);
        int at = _contexts[index];
        if (!_reader.Decode(ref states[at]))
        {
            _contexts[index] = 0;
        }
        else
        {
            bool negative = _reader.Decode(ref states[at + 1]);
            at += negative ? 3 : 2;
            int magnitude = _reader.Decode(ref states[at]) ? 1 : 0;
            if (magnitude != 0)
                at = DecodeMagnitude(states, DcMagnitudeStates, ref magnitude);

            // The next difference is conditioned on this one's size class and sign: Table F.4.
            if (magnitude < (1 << _conditioning.Lower[table]) >> 1)
                _contexts[index] = 0;
            else
                _contexts[index] = (magnitude > (1 << _conditioning.Upper[table]) >> 1 ? 12 : 4) + (negative ? 4 : 0);
            _predictions[index] += DecodeValue(states, at + BitStatesAfter, magnitude, negative);
        }

        block[0] = (short)(_predictions[index] << low);
    }

    private void DecodeAc(int index, Span<short> block, ReadOnlySpan<int> offsets, int start, int end, int low)
    {
        int table = _scan.AcTables[index];
        Span<byte> states = _acStates.AsSpan(table * AcStates, AcStates);
        for (int k = start; k <= end; k++)
        {
            int at = 3 * (k - 1);
            if (_reader.Decode(ref states[at]))
                return;
            while (!_reader.Decode(ref states[at + 1]))
            {
                at += 3;
                if (++k > end)
                {
                    RefuseDamage();
                    return;
                }
            }

            bool negative = _reader.DecodeFixed();
            at += 2;
            int magnitude = _reader.Decode(ref states[at]) ? 1 : 0;
            if (magnitude != 0 && _reader.Decode(ref states[at]))
            {
                magnitude = 2;
                at = DecodeMagnitude(states, k <= _conditioning.Split[table] ? LowMagnitudeStates : HighMagnitudeStates, ref magnitude);
            }

            block[offsets[k]] = (short)(DecodeValue(states, at + BitStatesAfter, magnitude, negative) << low);
        }
    }

    private void RefineAc(int index, Span<short> block, ReadOnlySpan<int> offsets)
    {
        Span<byte> states = _acStates.AsSpan(_scan.AcTables[index] * AcStates, AcStates);
        int plus = 1 << _scan.Low;
        // No end of block is coded before the last coefficient that earlier scans made nonzero.
        int known = _scan.End;
        while (known > 0 && block[offsets[known]] == 0)
            known--;
        for (int k = _scan.Start; k <= _scan.End; k++)
        {
            int at = 3 * (k - 1);
            if (k > known && _reader.Decode(ref states[at]))
                return;
            while (true)
            {
                ref short coefficient = ref block[offsets[k]];
                if (coefficient != 0)
                {
                    if (_reader.Decode(ref states[at + 2]))
                        coefficient += (short)(coefficient < 0 ? -plus : plus);
                    break;
                }

                if (_reader.Decode(ref states[at + 1]))
                {
                    coefficient = (short)(_reader.DecodeFixed() ? -plus : plus);
                    break;
                }

                at += 3;
                if (++k > _scan.End)
                {
                    RefuseDamage();
                    return;
                }
            }
        }
    }

    // Doubles the magnitude class for every further decision; returns the state that it ends at.
    private int DecodeMagnitude(Span<byte> states, int at, ref int magnitude)
    {
        while (_reader.Decode(ref states[at]))
        {
            magnitude <<= 1;
            if (magnitude == MagnitudeLimit)
            {
                RefuseDamage();
                magnitude = 0;
                return at;
            }

            at++;
        }

        return at;
    }

    // The bits below the leading one.
    private int DecodeValue(Span<byte> states, int at, int magnitude, bool negative)
    {
        int value = magnitude;
        for (int bit = magnitude >> 1; bit != 0; bit >>= 1)
        {
            if (_reader.Decode(ref states[at]))
                value |= bit;
        }

        return negative ? -value - 1 : value + 1;
    }

    // After a cut the zeros need not make sense; like libjpeg, decoding stops then.
    private void RefuseDamage()
    {
        if (!_isCut && !_reader.IsOverrun)
            JpegError.Throw(_reader.Position, "arithmetic-coded data that no encoder writes");
        _isStopped = true;
    }
}
