namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Marker codes (the byte after FF): ITU-T T.81 Table B.1.</summary>
internal static class JpegMarkers
{
    public const int StartOfFrame0 = 0xC0;
    public const int StartOfFrame1 = 0xC1;
    public const int StartOfFrame2 = 0xC2;
    public const int HuffmanTables = 0xC4;
    public const int ReservedFrame = 0xC8;
    public const int StartOfFrame9 = 0xC9;
    public const int StartOfFrame10 = 0xCA;
    public const int ArithmeticConditioning = 0xCC;
    public const int StartOfFrame15 = 0xCF;
    public const int Restart0 = 0xD0;
    public const int Restart7 = 0xD7;
    public const int StartOfImage = 0xD8;
    public const int EndOfImage = 0xD9;
    public const int StartOfScan = 0xDA;
    public const int QuantizationTables = 0xDB;
    public const int RestartInterval = 0xDD;
    public const int App0 = 0xE0;
    public const int App1 = 0xE1;
    public const int App2 = 0xE2;
    public const int App14 = 0xEE;
    public const int Temporary = 0x01;

    /// <summary>Finds the next marker; bytes before it, fill bytes and stuffed zeros are skipped.</summary>
    /// <returns>The position of its code, or -1 where none follows.</returns>
    public static int FindMarker(ReadOnlySpan<byte> file, int position)
    {
        while (position < file.Length)
        {
            int step = file[position..].IndexOf((byte)0xFF);
            if (step < 0)
                return -1;
            position += step;
            while (position < file.Length && file[position] == 0xFF)
                position++;
            if (position < file.Length && file[position] != 0)
                return position;
        }

        return -1;
    }

    /// <summary>The code of the next marker, or -1 where none follows.</summary>
    public static int Peek(ReadOnlySpan<byte> file, int position)
    {
        int at = FindMarker(file, position);
        return at < 0 ? -1 : file[at];
    }
}
