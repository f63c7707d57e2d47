using System.Diagnostics.CodeAnalysis;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>A Huffman table made ready for decoding.</summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Bits that the lookup tables look ahead.</summary>
    public const int LookBits = 10;

    /// <summary>Set in an entry of <see cref="Values"/> that holds a coefficient.</summary>
    public const int HasValue = 0x80;

    private readonly byte[] _symbols;
    private readonly int[] _lastCode = new int[18];
    private readonly int[] _symbolOffset = new int[17];

    private JpegHuffmanTable(byte[] symbols) => _symbols = symbols;

    /// <summary>By the next <see cref="LookBits"/> bits: symbol * 256 + code length, or 0 where the code is longer.</summary>
    public ushort[] Symbols { get; } = new ushort[1 << LookBits];

    /// <summary>
    /// By the next <see cref="LookBits"/> bits, for alternating-current coefficients of sequential scans: where code and coefficient fit,
    /// coefficient * 65536 + run * 256 + <see cref="HasValue"/> + bits used; else as <see cref="Symbols"/>.
    /// </summary>
    public int[] Values { get; } = new int[1 << LookBits];

    /// <summary>Makes a table ready.</summary>
    /// <returns>False where the lengths are more than a prefix code can have.</returns>
    public static bool TryCreate(JpegHuffmanSpec spec, [NotNullWhen(true)] out JpegHuffmanTable? table)
    {
        table = new JpegHuffmanTable(spec.Symbols);
        int code = 0;
        int symbol = 0;
        for (int length = 1; length <= 16; length++)
        {
            int count = spec.Counts[length - 1];
            table._symbolOffset[length] = symbol - code;
            if (code + count > 1 << length || symbol + count > spec.Symbols.Length)
                return false;
            if (length <= LookBits)
                table.Fill(code, count, symbol, length);
            code += count;
            symbol += count;
            // Codes of this length, left-aligned to 16 bits, lie below this; where there are none, nothing new does.
            table._lastCode[length] = code << (16 - length);
            code <<= 1;
        }

        // Anything not below the last code of 16 bits is no code.
        table._lastCode[17] = int.MaxValue;
        table.FillValues();
        return true;
    }

    /// <summary>Whether every symbol is a size that a direct-current difference may have.</summary>
    public static bool IsValidForDc(JpegHuffmanSpec spec) => !Array.Exists(spec.Symbols, s => s > 15);

    /// <summary>Decodes a code longer than <see cref="LookBits"/>.</summary>
    /// <param name="next16">The next 16 bits.</param>
    /// <param name="length">Bits of the code; 17 where there is none such.</param>
    public int DecodeLong(int next16, out int length)
    {
        length = LookBits + 1;
        while (next16 >= _lastCode[length])
            length++;
        return length > 16 ? 0 : _symbols[(next16 >> (16 - length)) + _symbolOffset[length]];
    }

    private void Fill(int code, int count, int symbol, int length)
    {
        for (int i = 0; i < count; i++)
        {
            int first = (code + i) << (LookBits - length);
            Symbols.AsSpan(first, 1 << (LookBits - length)).Fill((ushort)((_symbols[symbol + i] << 8) | length));
        }
    }

    private void FillValues()
    {
        for (int bits = 0; bits < Values.Length; bits++)
        {
            int entry = Symbols[bits];
            (int symbol, int length) = (entry >> 8, entry & 0xFF);
            int size = symbol & 15;
            Values[bits] = entry;
            if (size == 0 || length + size > LookBits || length == 0)
                continue;
            int magnitude = (bits >> (LookBits - length - size)) & ((1 << size) - 1);
            int value = magnitude < 1 << (size - 1) ? magnitude - (1 << size) + 1 : magnitude;
            Values[bits] = (value << 16) | ((symbol >> 4) << 8) | HasValue | (length + size);
        }
    }
}
