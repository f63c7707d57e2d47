using Gir.Imaging;

namespace Gir.Cli.Explain;

/// <summary>Writes short texts into images with letters of up to 5 x 8 dots: pictures need no font of the machine that makes them.</summary>
internal static class PixelText
{
    /// <summary>Rows of a text of large letters.</summary>
    public const int Height = Rows * LargeDot;

    private const int Rows = 8;
    private const int SpaceColumns = 2;
    private const int LargeDot = 2;
    private const float Ink = 0.13f;

    // The characters from the space to the tilde: five columns of two hexadecimal digits each, whose lowest bit is the topmost dot.
    private const string Letters =
        "0000000000 00005F0000 0007000700 147F147F14 242A7F2A12 2313086462 3649562050 0000070000 001C224100 0041221C00 14083E0814 08083E0808 " +
        "0080600000 0808080808 0060600000 2010080402 3E5149453E 00427F4000 4261514946 2141454B31 1814127F10 2745454539 3C4A494930 0171090503 " +
        "3649494936 064949291E 0036360000 0080640000 0814224100 1414141414 0041221408 0201510906 324979413E 7E1111117E 7F49494936 3E41414122 " +
        "7F4141221C 7F49494941 7F09090901 3E4149497A 7F0808087F 00417F4100 2040413F01 7F08142241 7F40404040 7F020C027F 7F0408107F 3E4141413E " +
        "7F09090906 3E4151215E 7F09192946 4649494931 01017F0101 3F4040403F 1F2040201F 3F4038403F 6314081463 0708700807 6151494543 007F414100 " +
        "0204081020 0041417F00 0402010204 4040404040 0001020400 2054545478 7F48444438 3844444420 384444487F 3854545418 087E090102 18A4A4A47C " +
        "7F08040478 00447D4000 40807D0000 7F10284400 00417F4000 7C04180478 7C08040478 3844444438 FC24242418 18242424FC 7C08040408 4854545420 " +
        "043F444020 3C4040207C 1C2040201C 3C4030403C 4428102844 1CA0A0A07C 4464544C44 0008364100 00007F0000 0041360800 0804080408";

    private static readonly byte[][] s_glyphs = [.. Letters.Split(' ').Select(Glyph)];

    /// <summary>Writes a text from a place on, in dark gray. Letters are of two pixels a dot; of one, where the text is too wide otherwise, and what is wider still is cut.</summary>
    /// <param name="picture">3 channels.</param>
    /// <param name="text">The text; characters beyond ASCII become question marks.</param>
    /// <param name="top">First row.</param>
    /// <param name="left">First column.</param>
    /// <param name="width">Columns that may be used.</param>
    public static void Write(ImageBuffer picture, string text, int top, int left, int width)
    {
        byte[][] glyphs = [.. text.Select(c => s_glyphs[(c is >= ' ' and <= '~' ? c : '?') - ' '])];
        int dot = (glyphs.Sum(g => g.Length + 1) - 1) * LargeDot <= width ? LargeDot : 1;
        (int x, int y) = (left, top + ((Height - (Rows * dot)) / 2));
        foreach (byte[] glyph in glyphs)
        {
            if (x + (glyph.Length * dot) > left + width)
                return;
            for (int column = 0; column < glyph.Length * dot; column++)
            {
                for (int row = 0; row < Rows * dot; row++)
                {
                    if ((glyph[column / dot] >> (row / dot) & 1) != 0)
                        Paint(picture, y + row, x + column);
                }
            }

            x += (glyph.Length + 1) * dot;
        }
    }

    // Letters are as wide as they are drawn.
    private static byte[] Glyph(string text)
    {
        byte[] columns = Convert.FromHexString(text);
        int first = Array.FindIndex(columns, c => c != 0);
        return first < 0 ? new byte[SpaceColumns] : columns[first..(Array.FindLastIndex(columns, c => c != 0) + 1)];
    }

    private static void Paint(ImageBuffer picture, int row, int column)
    {
        if (row >= 0 && row < picture.Height && column >= 0 && column < picture.Width)
            (picture[0, row, column], picture[1, row, column], picture[2, row, column]) = (Ink, Ink, Ink);
    }
}
