namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>The binary arithmetic decoder: ITU-T T.81 D.2, with the state machine of Table D.3.</summary>
internal ref struct JpegArithmeticReader(ReadOnlySpan<byte> file, int position)
{
    /// <summary>The state whose two symbols stay equally likely.</summary>
    public const byte Fixed = 113;

    private const byte MostProbable = 0x80;

    // Encoders leave out the zeros that the data end with; so many in a row come by chance once in 2^128 files.
    private const int MostLeftOut = 16;

    private readonly ReadOnlySpan<byte> _file = file;
    private long _code;
    private int _leftOut;
    private int _interval;

    // Negative until the first bytes are in: two of them, and the bits that the code register needs more.
    private int _shift = -16;

    /// <summary>The first byte not yet read.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Whether decoding took more from beyond the data than an encoder leaves out.</summary>
    public readonly bool IsOverrun => _leftOut > MostLeftOut;

    // Probability of the less probable symbol.
    private static ReadOnlySpan<ushort> Estimates =>
    [
        0x5A1D, 0x2586, 0x1114, 0x080B, 0x03D8, 0x01DA, 0x00E5, 0x006F, 0x0036, 0x001A, 0x000D, 0x0006, 0x0003, 0x0001, 0x5A7F, 0x3F25,
        0x2CF2, 0x207C, 0x17B9, 0x1182, 0x0CEF, 0x09A1, 0x072F, 0x055C, 0x0406, 0x0303, 0x0240, 0x01B1, 0x0144, 0x00F5, 0x00B7, 0x008A,
        0x0068, 0x004E, 0x003B, 0x002C, 0x5AE1, 0x484C, 0x3A0D, 0x2EF1, 0x261F, 0x1F33, 0x19A8, 0x1518, 0x1177, 0x0E74, 0x0BFB, 0x09F8,
        0x0861, 0x0706, 0x05CD, 0x04DE, 0x040F, 0x0363, 0x02D4, 0x025C, 0x01F8, 0x01A4, 0x0160, 0x0125, 0x00F6, 0x00CB, 0x00AB, 0x008F,
        0x5B12, 0x4D04, 0x412C, 0x37D8, 0x2FE8, 0x293C, 0x2379, 0x1EDF, 0x1AA9, 0x174E, 0x1424, 0x119C, 0x0F6B, 0x0D51, 0x0BB6, 0x0A40,
        0x5832, 0x4D1C, 0x438E, 0x3BDD, 0x34EE, 0x2EAE, 0x299A, 0x2516, 0x5570, 0x4CA9, 0x44D9, 0x3E22, 0x3824, 0x32B4, 0x2E17, 0x56A8,
        0x4F46, 0x47E5, 0x41CF, 0x3C3D, 0x375E, 0x5231, 0x4C0F, 0x4639, 0x415E, 0x5627, 0x50E7, 0x4B85, 0x5597, 0x504F, 0x5A10, 0x5522,
        0x59EB, 0x5A1D,
    ];

    // The state after it; MostProbable is set where the symbols change places.
    private static ReadOnlySpan<byte> NextLess =>
    [
        0x81, 14, 16, 18, 20, 23, 25, 28, 30, 33, 35, 9, 10, 12, 0x8F, 36,
        38, 39, 40, 42, 43, 45, 46, 48, 49, 51, 52, 54, 56, 57, 59, 60,
        62, 63, 32, 33, 0xA5, 64, 65, 67, 68, 69, 70, 72, 73, 74, 75, 77,
        78, 79, 48, 50, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 61, 61,
        0xC1, 80, 81, 82, 83, 84, 86, 87, 87, 72, 72, 74, 74, 75, 77, 77,
        0xD0, 88, 89, 90, 91, 92, 93, 86, 0xD8, 95, 96, 97, 99, 99, 93, 0xDF,
        101, 102, 103, 104, 99, 105, 106, 107, 103, 0xE9, 108, 109, 110, 111, 0xEE, 112,
        0xF0, 113,
    ];

    // The state after the more probable symbol.
    private static ReadOnlySpan<byte> NextMore =>
    [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 13, 15, 16,
        17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
        33, 34, 35, 9, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48,
        49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 32,
        65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 48,
        81, 82, 83, 84, 85, 86, 87, 71, 89, 90, 91, 92, 93, 94, 86, 96,
        97, 98, 99, 100, 93, 102, 103, 104, 99, 106, 107, 103, 109, 107, 111, 109,
        111, 113,
    ];

    /// <summary>Decodes one binary decision and adapts its state.</summary>
    /// <param name="state">State 0..113, and in the top bit the more probable symbol.</param>
    public bool Decode(ref byte state)
    {
        while (_interval < 0x8000)
        {
            if (--_shift < 0)
            {
                _code = (_code << 8) | NextByte();
                _shift += 8;
                if (_shift < 0 && ++_shift == 0)
                    _interval = 0x8000;
            }

            _interval <<= 1;
        }

        int index = state & 0x7F;
        int symbol = state & MostProbable;
        int estimate = Estimates[index];
        _interval -= estimate;
        long bound = (long)_interval << _shift;
        bool less;
        if (_code >= bound)
        {
            // The lower part of the interval; which symbol has it depends on the parts' sizes.
            _code -= bound;
            less = _interval >= estimate;
            _interval = estimate;
        }
        else if (_interval < 0x8000)
        {
            less = _interval < estimate;
        }
        else
        {
            return symbol != 0;
        }

        state = (byte)(symbol ^ (less ? NextLess[index] : NextMore[index]));
        return (symbol != 0) ^ less;
    }

    /// <summary>Decodes a decision whose symbols are equally likely.</summary>
    public bool DecodeFixed()
    {
        byte state = Fixed;
        return Decode(ref state);
    }

    /// <summary>The second byte of the next marker, or -1 at the end of the file.</summary>
    public readonly int PeekMarker() => JpegMarkers.Peek(_file, Position);

    /// <summary>Steps over the next marker and begins anew.</summary>
    /// <returns>The marker's second byte, or -1 at the end of the file.</returns>
    public int TakeMarker()
    {
        (_code, _interval, _shift, _leftOut) = (0, 0, -16, 0);
        int position = JpegMarkers.FindMarker(_file, Position);
        if (position < 0)
            return -1;
        Position = position + 1;
        return _file[position];
    }

    // Encoders leave out zeros before a marker.
    private byte NextByte()
    {
        if (Position >= _file.Length)
            return Zero();

        byte value = _file[Position];
        if (value != 0xFF)
        {
            Position++;
            return value;
        }

        int after = Position + 1;
        while (after < _file.Length && _file[after] == 0xFF)
            after++;
        if (after >= _file.Length || _file[after] != 0)
            return Zero();
        Position = after + 1;
        return 0xFF;
    }

    private byte Zero()
    {
        // The count need not go on for ever.
        _leftOut = Math.Min(_leftOut + 1, MostLeftOut + 1);
        return 0;
    }
}
