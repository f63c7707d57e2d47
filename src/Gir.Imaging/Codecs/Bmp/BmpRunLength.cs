namespace Gir.Imaging.Codecs.Bmp;

/// <summary>RLE4 and RLE8: runs of one (or two alternating) palette indices, literal stretches and jumps.</summary>
internal static class BmpRunLength
{
    // A code of two bytes stands for 255 pixels at most; larger claims live on jumps alone.
    private const long MostPixelsPerByte = 128;
    private const long TrustedPixels = 1 << 22;

    /// <summary>Refuses a size that the data could fill only with jumps, before room is made for it.</summary>
    public static void CheckBelievable(long dataLength, BmpHeader header)
    {
        long pixels = (long)header.Width * header.Height;
        if (pixels > TrustedPixels && pixels > MostPixelsPerByte * dataLength)
            throw BmpHeader.Error(header.DataOffset, $"{dataLength} bytes of run-length codes for {pixels} pixels; the file is cut short or hostile");
    }

    /// <summary>One palette index per pixel, the top row first; what is skipped stays 0.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> file, BmpHeader header)
    {
        var canvas = new Canvas(header);
        int at = header.DataOffset;
        while (true)
        {
            Need(file, at, 2);
            (int count, int value) = (file[at], file[at + 1]);
            at += 2;
            if (count > 0)
            {
                canvas.Run(count, value, at - 2);
                continue;
            }

            switch (value)
            {
                case 0:
                    canvas.EndLine();
                    break;
                case 1:
                    return canvas.Indices;
                case 2:
                    Need(file, at, 2);
                    canvas.Jump(file[at], file[at + 1], at);
                    at += 2;
                    break;
                default:
                    int bytes = header.BitsPerPixel == 8 ? value : (value + 1) / 2;
                    Need(file, at, bytes);
                    canvas.Literal(file.Slice(at, bytes), value, at);
                    // Literal stretches end on even offsets of the data.
                    at += bytes + (bytes & 1);
                    break;
            }
        }
    }

    private static void Need(ReadOnlySpan<byte> file, int at, int count)
    {
        if (at + count > file.Length)
            throw BmpHeader.Error(Math.Min(at, file.Length), "the run-length data ends without its end mark");
    }

    private sealed class Canvas(BmpHeader header)
    {
        private int _x;

        // Counted from the bottom, as it is stored.
        private int _line;

        public byte[] Indices { get; } = new byte[header.Width * header.Height];

        public void EndLine()
        {
            _x = 0;
            _line = Math.Min(_line + 1, header.Height);
        }

        public void Jump(int right, int up, int offset)
        {
            _x += right;
            _line += up;
            if (_x > header.Width || _line > header.Height)
                throw BmpHeader.Error(offset, "a jump leaves the image");
        }

        public void Run(int count, int value, int offset)
        {
            Span<byte> target = Take(count, offset);
            if (header.BitsPerPixel == 8)
            {
                target.Fill((byte)value);
                return;
            }

            for (int i = 0; i < target.Length; i++)
                target[i] = Nibble((byte)value, i);
        }

        public void Literal(ReadOnlySpan<byte> stored, int count, int offset)
        {
            Span<byte> target = Take(count, offset);
            for (int i = 0; i < target.Length; i++)
                target[i] = header.BitsPerPixel == 8 ? stored[i] : Nibble(stored[i / 2], i);
        }

        private static byte Nibble(byte pair, int i) => (byte)((i & 1) == 0 ? pair >> 4 : pair & 15);

        private Span<byte> Take(int count, int offset)
        {
            if (_line >= header.Height || count > header.Width - _x)
                throw BmpHeader.Error(offset, $"{count} pixels from column {_x} of line {_line} on leave the image of {header.Width} x {header.Height}");
            Span<byte> target = Indices.AsSpan(((header.Height - 1 - _line) * header.Width) + _x, count);
            _x += count;
            return target;
        }
    }
}
