using Gir.Imaging;

namespace Gir.Cli.Restore;

/// <summary>Inputs on the left, results on the right, one pair below the other.</summary>
internal static class BeforeAfterSheet
{
    private const int Gap = 8;
    private const int Colors = 3;

    public static ImageBuffer Create(IReadOnlyList<(ImageBuffer Before, ImageBuffer After)> pairs)
    {
        int column = pairs.Max(p => p.After.Width);
        var sheet = new ImageBuffer(Colors, pairs.Sum(p => p.After.Height + Gap) - Gap, (2 * column) + Gap);
        sheet.Samples.Fill(1);
        int top = 0;
        foreach ((ImageBuffer before, ImageBuffer after) in pairs)
        {
            // A smaller input is shown as large as its result, each sample repeated.
            Draw(before, sheet, top, 0, after.Height / before.Height);
            Draw(after, sheet, top, column + Gap, 1);
            top += after.Height + Gap;
        }

        return sheet;
    }

    private static void Draw(ImageBuffer image, ImageBuffer sheet, int top, int left, int scale)
    {
        for (int c = 0; c < Colors; c++)
        {
            for (int y = 0; y < image.Height * scale; y++)
            {
                ReadOnlySpan<float> source = image.Row(image.Channels == 1 ? 0 : c, y / scale);
                Span<float> target = sheet.Row(c, top + y).Slice(left, image.Width * scale);
                for (int x = 0; x < target.Length; x++)
                    target[x] = source[x / scale];
            }
        }
    }
}
