using Gir.Imaging;

namespace Gir.Cli.Explain;

/// <summary>Writes short texts into images with letters of 3 x 5 dots, capitals alone: pictures need no font of the machine that makes them.</summary>
internal static class PixelText
{
    private const int Dot = 2;
    private const int Advance = 4 * Dot;

    private const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ .-_=():,+/%;";

    // Five rows of three dots each, an octal digit a row.
    private const string Rows =
        "75557 26227 71747 71717 55711 74717 74757 71122 75757 75717 25755 65656 34443 65556 74647 74644 34553 55755 "
        + "72227 11152 55655 44447 57755 65555 25552 65644 25563 65655 34216 72222 55557 55552 55775 55255 55222 71247 "
        + "00000 00002 00700 00007 07070 12221 42224 02020 00024 02720 11244 51245 02024";

    private static readonly string[] s_glyphs = Rows.Split(' ');

    /// <summary>Writes a text from a place on, in dark gray; what is wider than allowed is cut. Unknown characters become a box.</summary>
    /// <param name="picture">3 channels.</param>
    /// <param name="text">The text.</param>
    /// <param name="top">First row.</param>
    /// <param name="left">First column.</param>
    /// <param name="width">Columns that may be used.</param>
    public static void Write(ImageBuffer picture, string text, int top, int left, int width)
    {
        for (int i = 0; i < text.Length && ((i + 1) * Advance) - Dot <= width; i++)
        {
            int index = Characters.IndexOf(char.ToUpperInvariant(text[i]), StringComparison.Ordinal);
            string glyph = index >= 0 ? s_glyphs[index] : "75557";
            for (int y = 0; y < 5 * Dot; y++)
            {
                for (int x = 0; x < 3 * Dot; x++)
                {
                    (int row, int column) = (top + y, left + (i * Advance) + x);
                    if (((glyph[y / Dot] - '0') >> (2 - (x / Dot)) & 1) == 0 || row < 0 || row >= picture.Height || column >= picture.Width)
                        continue;
                    (picture[0, row, column], picture[1, row, column], picture[2, row, column]) = (0.13f, 0.13f, 0.13f);
                }
            }
        }
    }
}
