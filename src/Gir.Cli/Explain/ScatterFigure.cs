using System.Globalization;
using System.Net;
using System.Text;
using Gir.Imaging;
using Gir.Metrics.Analysis;

namespace Gir.Cli.Explain;

/// <summary>Points of a plane under a title.</summary>
/// <param name="Title">The title.</param>
/// <param name="Places">The points, two coordinates each.</param>
/// <param name="Labels">The group of each.</param>
internal sealed record ScatterPanel(string Title, FeatureSet Places, IReadOnlyList<int> Labels);

/// <summary>Panels side by side, the groups in colors that people with any color vision tell apart, and a legend below; as SVG and as an image.</summary>
internal sealed class ScatterFigure(IReadOnlyList<ScatterPanel> panels, IReadOnlyList<string> groups)
{
    private const int Side = 320;
    private const int Gap = 16;
    private const int Heading = 34;
    private const int Row = 22;
    private const int MostColumns = 3;
    private const double Radius = 3.4;

    // Okabe and Ito's palette.
    private static readonly (int Red, int Green, int Blue)[] s_colors =
        [(0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 121, 167), (86, 180, 233), (213, 94, 0), (0, 0, 0), (150, 150, 150)];

    private int Columns => Math.Min(MostColumns, panels.Count);

    private int Width => (Columns * (Side + Gap)) + Gap;

    private int PanelsHeight => ((panels.Count + Columns - 1) / Columns * (Side + Heading + Gap)) + Gap;

    private int Height => PanelsHeight + (groups.Count * Row) + Gap;

    public string ToSvg()
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" font-family="sans-serif" font-size="15" role="img">""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(string.Join("; ", panels.Select(p => p.Title)))}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        for (int i = 0; i < panels.Count; i++)
        {
            (int left, int top) = Corner(i);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left}\" y=\"{top - 10}\" fill=\"#222222\">{Escape(panels[i].Title)}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{top}\" width=\"{Side}\" height=\"{Side}\" fill=\"none\" stroke=\"#bbbbbb\"/>\n");
            foreach ((double x, double y, int group) in Dots(i))
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{Radius}\" fill=\"{Hex(group)}\" fill-opacity=\"0.8\"/>\n");
        }

        for (int g = 0; g < groups.Count; g++)
        {
            int y = PanelsHeight + (g * Row);
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Gap + 6}\" cy=\"{y + 6}\" r=\"6\" fill=\"{Hex(g)}\"/>\n<text x=\"{Gap + 22}\" y=\"{y + 11}\" fill=\"#222222\">{Escape(groups[g])}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    public ImageBuffer Draw()
    {
        var picture = new ImageBuffer(3, Height, Width);
        picture.Samples.Fill(1);
        for (int i = 0; i < panels.Count; i++)
        {
            (int left, int top) = Corner(i);
            PixelText.Write(picture, panels[i].Title, top - PixelText.Height - 8, left, Side);
            for (int k = 0; k <= Side; k++)
            {
                Blend(picture, top, left + k, (187, 187, 187), 1);
                Blend(picture, top + Side, left + k, (187, 187, 187), 1);
                Blend(picture, top + k, left, (187, 187, 187), 1);
                Blend(picture, top + k, left + Side, (187, 187, 187), 1);
            }

            foreach ((double x, double y, int group) in Dots(i))
                Dot(picture, x, y, Radius, Color(group), 0.8);
        }

        for (int g = 0; g < groups.Count; g++)
        {
            int y = PanelsHeight + (g * Row);
            Dot(picture, Gap + 6, y + (PixelText.Height / 2.0), 6, Color(g), 1);
            PixelText.Write(picture, groups[g], y, Gap + 22, Width - (2 * Gap) - 22);
        }

        return picture;
    }

    private (int Left, int Top) Corner(int panel) =>
        (Gap + (panel % Columns * (Side + Gap)), Gap + (panel / Columns * (Side + Heading + Gap)) + Heading);

    // The points fill the square, both coordinates on one scale.
    private IEnumerable<(double X, double Y, int Group)> Dots(int panel)
    {
        (FeatureSet places, IReadOnlyList<int> labels) = (panels[panel].Places, panels[panel].Labels);
        (double lowX, double lowY, double highX, double highY) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (int i = 0; i < places.Count; i++)
        {
            (lowX, highX) = (Math.Min(lowX, places[i][0]), Math.Max(highX, places[i][0]));
            (lowY, highY) = (Math.Min(lowY, places[i][1]), Math.Max(highY, places[i][1]));
        }

        double scale = (Side - 24) / Math.Max(Math.Max(highX - lowX, highY - lowY), 1e-9);
        (int left, int top) = Corner(panel);
        for (int i = 0; i < places.Count; i++)
        {
            yield return (
                left + (Side / 2.0) + ((places[i][0] - ((lowX + highX) / 2)) * scale),
                top + (Side / 2.0) - ((places[i][1] - ((lowY + highY) / 2)) * scale),
                labels[i]);
        }
    }

    private static (int Red, int Green, int Blue) Color(int group) => s_colors[group % s_colors.Length];

    private static string Hex(int group) => $"#{Color(group).Red:x2}{Color(group).Green:x2}{Color(group).Blue:x2}";

    private static string Escape(string text) => WebUtility.HtmlEncode(string.Concat(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))));

    private static void Dot(ImageBuffer picture, double x, double y, double radius, (int Red, int Green, int Blue) color, double opacity)
    {
        for (int row = (int)(y - radius - 1); row <= y + radius + 1; row++)
        {
            for (int column = (int)(x - radius - 1); column <= x + radius + 1; column++)
            {
                double distance = Math.Sqrt(((row - y) * (row - y)) + ((column - x) * (column - x)));
                Blend(picture, row, column, color, opacity * Math.Clamp(radius + 0.5 - distance, 0, 1));
            }
        }
    }

    private static void Blend(ImageBuffer picture, int row, int column, (int Red, int Green, int Blue) color, double opacity)
    {
        if (row < 0 || row >= picture.Height || column < 0 || column >= picture.Width)
            return;
        for (int c = 0; c < 3; c++)
        {
            float value = (c == 0 ? color.Red : c == 1 ? color.Green : color.Blue) / 255f;
            picture[c, row, column] += (float)opacity * (value - picture[c, row, column]);
        }
    }
}
