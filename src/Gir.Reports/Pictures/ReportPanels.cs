using System.Globalization;
using System.Text.RegularExpressions;
using Gir.Imaging.Codecs;
using Gir.Metrics.Opinions;

namespace Gir.Reports;

/// <summary>Panels from files that other commands leave: maps and figures of "gir explain", curves and tables of "gir sweep".</summary>
public static partial class ReportPanels
{
    private const int MostPictures = 24;
    private const int MostRows = 500;
    private const int LargestText = 1 << 20;
    private const int LargestSide = 4096;
    private const long LargestTotal = 16 << 20;
    private const int LongestNumber = 8;
    private const int PatternMilliseconds = 1000;

    private static readonly string[] s_pictures = [".svg", ".png", ".jpg", ".jpeg"];

    /// <summary>A panel for each subfolder, in the order of their names, and one for each table in it.</summary>
    /// <remarks>
    /// A subfolder's pictures (svg, png, jpg; the first of these where two bear the same name) stand side by side, named by their files, at most 24 of them (the text then says of how many); about.txt is its text, and
    /// each .csv file a table, of which at most 500 rows are shown, long numbers with six digits. Everything in them is text or a picture, never markup, and pictures run no script.
    /// </remarks>
    /// <param name="folder">The folder; where there is none, there are no panels.</param>
    /// <exception cref="OpinionException">A table is no CSV of one header and equally many fields a line.</exception>
    /// <exception cref="ReportException">A file is not what its name says, is too large, or all pictures together are larger than 16 MiB.</exception>
    /// <exception cref="ImageFormatException">A picture is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<ReportPanel> Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            return [];
        var panels = new List<ReportPanel>();
        long total = 0;
        foreach (string subfolder in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            foreach (ReportPanel panel in Of(subfolder))
            {
                total += panel.Pictures.Sum(p => (long)p.File.Length);
                if (total > LargestTotal)
                    throw new ReportException($"{subfolder}: with it the pictures of panels have more than {LargestTotal >> 20} MiB; expected less, since all of them stand in the page.");
                panels.Add(panel);
            }
        }

        return panels;
    }

    private static IEnumerable<ReportPanel> Of(string folder)
    {
        string title = Path.GetFileName(folder);
        string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        string about = Path.Combine(folder, "about.txt");
        string text = File.Exists(about) ? TextOf(about).Trim() : "";
        string[] pictures = [.. files
            .Where(f => KindOf(f) >= 0)
            .GroupBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal)
            .Select(same => same.MinBy(KindOf)!)];
        if (pictures.Length > MostPictures)
            text = $"{text} The first {MostPictures} of {pictures.Length} pictures.".TrimStart();
        ReportPicture[] shown = [.. pictures.Take(MostPictures).Select(Picture)];
        if (shown.Length > 0 || text.Length > 0)
            yield return new ReportPanel(title, text, shown);
        foreach (string file in files.Where(f => Path.GetExtension(f).Equals(".csv", StringComparison.OrdinalIgnoreCase)))
        {
            DelimitedText table = DelimitedText.WithHeader(file);
            yield return new ReportPanel($"{title}: {Path.GetFileNameWithoutExtension(file)}", table.Rows > MostRows ? $"The first {MostRows} of {table.Rows} rows." : "", [])
            {
                Columns = table.Columns,
                Rows = [.. Enumerable.Range(0, Math.Min(MostRows, table.Rows)).Select(row => (string[])[.. table.Fields(row).Select(Shown)])],
            };
        }
    }

    /// <summary>A number of many digits, which a file keeps and no reader wants, with six of them; all else as it is.</summary>
    private static string Shown(string field) =>
        field.Length > LongestNumber && double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number.ToString("G6", CultureInfo.InvariantCulture) : field;

    private static int KindOf(string path) => Array.IndexOf(s_pictures, Path.GetExtension(path).ToLowerInvariant());

    private static ReportPicture Picture(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        if (KindOf(path) != 0)
            return ReportPicture.Load(name, "", path);
        Match box = ViewBox().Match(TextOf(path));
        if (!box.Success)
            throw new ReportException($"{path}: has no <svg> with a viewBox of numbers; expected a drawing.");
        int Side(int group) => (int)Math.Clamp(double.Parse(box.Groups[group].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture), 1, LargestSide);
        return new ReportPicture(name, "", File.ReadAllBytes(path), Side(1), Side(2));
    }

    private static string TextOf(string path) => new FileInfo(path).Length is var length && length <= LargestText
        ? File.ReadAllText(path)
        : throw new ReportException($"{path}: {length} bytes; expected at most {LargestText}.");

    [GeneratedRegex("""<svg[^>]*viewBox=["'][-0-9.]+[ ,]+[-0-9.]+[ ,]+([0-9]{1,6}(?:\.[0-9]*)?)[ ,]+([0-9]{1,6}(?:\.[0-9]*)?)["']""", RegexOptions.CultureInvariant, PatternMilliseconds)]
    private static partial Regex ViewBox();
}
