using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>Pictures under a slider; without the script they stand side by side.</summary>
internal static class ComparisonSection
{
    public static void Write(HtmlText html, IReadOnlyList<ReportComparison> comparisons)
    {
        html.Add($"<p class=\"note\">Drag the line, or use the arrow keys. The tasks reach from the largest gain of the most general restorer to its largest loss; the best of each task is shown first. Crops are where the clean image has most detail; PSNR is that of the whole image.</p><div class=\"comparisons\">");
        foreach ((int index, ReportComparison comparison) in comparisons.Index())
            Write(html, comparison, index);
        html.Add($"</div>");
    }

    private static void Write(HtmlText html, ReportComparison comparison, int index)
    {
        html.Add($"<figure class=\"compare\"><figcaption><h3>{comparison.Title}</h3><p>{comparison.Text}</p></figcaption>");
        html.Add($"<div class=\"stage\">");
        foreach (ReportPicture picture in comparison.Pictures)
            html.Add($"<img src=\"{picture.DataUri}\" alt=\"{Label(picture)}\" width=\"{picture.Width}\" height=\"{picture.Height}\">");
        html.Add($"<span class=\"handle\" aria-hidden=\"true\"></span></div><div class=\"controls\">");
        html.Add($"<input type=\"range\" min=\"0\" max=\"100\" value=\"50\" aria-label=\"Where the left picture ends, percent: {comparison.Title}\">");
        Choice(html, comparison, $"left{index}", "Left", selected: 0);
        Choice(html, comparison, $"right{index}", "Right", selected: 1);
        html.Add($"</div></figure>");
    }

    private static void Choice(HtmlText html, ReportComparison comparison, string id, string name, int selected)
    {
        html.Add($"<label for=\"{id}\">{name}</label><select id=\"{id}\">");
        foreach ((int index, ReportPicture picture) in comparison.Pictures.Index())
            html.Add($"<option value=\"{index}\"{(index == selected ? " selected" : "")}>{Label(picture)}</option>");
        html.Add($"</select>");
    }

    private static string Label(ReportPicture picture) => picture.Caption.Length > 0 ? $"{picture.Name}, {picture.Caption}" : picture.Name;
}
