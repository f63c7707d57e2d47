namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Ink (CMYK, YCCK) to RGB.</summary>
/// <remarks>
/// Files store ink as Adobe writes it, inverted: 255 means no ink. As in Pillow, every such file is taken to be so, and the conversion is the naive one,
/// R = (255 - K) - C (255 - K) / 255, without a color profile.
/// </remarks>
internal static class JpegInk
{
    /// <summary>Converts one row of level-shifted samples.</summary>
    public static void Convert(
        ReadOnlySpan<short> first,
        ReadOnlySpan<short> second,
        ReadOnlySpan<short> third,
        ReadOnlySpan<short> black,
        bool ycck,
        Span<float> red,
        Span<float> green,
        Span<float> blue)
    {
        for (int x = 0; x < red.Length; x++)
        {
            // Stored samples: 255 - ink.
            (int c, int m, int y) = (first[x] + 128, second[x] + 128, third[x] + 128);
            int paper = black[x] + 128;
            if (ycck)
            {
                (int cb, int cr) = (second[x], third[x]);
                (c, m, y) = (
                    255 - Math.Clamp(c + (((91881 * cr) + 32768) >> 16), 0, 255),
                    255 - Math.Clamp(c + (((-22554 * cb) - (46802 * cr) + 32768) >> 16), 0, 255),
                    255 - Math.Clamp(c + (((116130 * cb) + 32768) >> 16), 0, 255));
            }

            red[x] = Paint(255 - c, paper);
            green[x] = Paint(255 - m, paper);
            blue[x] = Paint(255 - y, paper);
        }
    }

    private static float Paint(int ink, int paper)
    {
        int product = (ink * paper) + 128;
        return Math.Clamp(paper - (((product >> 8) + product) >> 8), 0, 255) / 255f;
    }
}
