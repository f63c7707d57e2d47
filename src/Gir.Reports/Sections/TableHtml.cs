using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>A column: its name, and a remark below it.</summary>
internal sealed record TableColumn(string Name, string Remark = "");

/// <summary>Tables that scroll by themselves where they are wider than the page, with the keyboard too.</summary>
internal static class TableHtml
{
    /// <summary>The column of restorers' numbers, which stands before their names.</summary>
    public const string Rank = "#";

    private const double Full = 2;
    private const int Shades = 5;

    public static void Open(HtmlText html, string caption, string summary, bool sortable, string kind = "")
    {
        OpenTable(html, caption, sortable, kind);
        html.Add($"<caption>{caption}<span>{summary}</span></caption>");
    }

    /// <summary>A table below a heading that says the same: its caption is for those who do not see the heading above it.</summary>
    public static void OpenUnder(HtmlText html, string heading, bool sortable, string kind = "")
    {
        OpenTable(html, heading, sortable, kind);
        html.Add($"<caption class=\"unseen\">{heading}</caption>");
    }

    private static void OpenTable(HtmlText html, string heading, bool sortable, string kind)
    {
        html.Add($"<div class=\"scroll {kind}\" role=\"region\" tabindex=\"0\" aria-label=\"{heading}\"><table class=\"{(sortable ? "sortable" : "plain")}\">");
    }

    public static void Head(HtmlText html, IEnumerable<TableColumn> columns)
    {
        html.Add($"<thead><tr>");
        // What names the rows stays in sight where the rest scrolls.
        bool isNaming = true;
        foreach (TableColumn column in columns)
        {
            bool isRank = column.Name == Rank;
            html.Add($"<th scope=\"col\"{(isNaming && !isRank ? " data-rows" : "")}><span class=\"head\">{column.Name}</span>");
            if (column.Remark.Length > 0)
                html.Add($"<small>{column.Remark}</small>");
            html.Add($"</th>");
            isNaming &= isRank;
        }

        html.Add($"</tr></thead><tbody>");
    }

    public static void Close(HtmlText html) => html.Add($"</tbody></table></div>");

    /// <summary>A cell of a margin in dB: blue above the line, orange below, the deeper the further, full at 2 dB; a star where it is excellent.</summary>
    public static void Margin(HtmlText html, double? margin, bool excellent = false, bool best = false)
    {
        html.Add($"<td class=\"{Shade(margin)}{(best ? " best" : "")}\" data-v=\"{Numbers.Key(margin)}\">{Numbers.Signed(margin)}");
        if (excellent)
            html.Add($"<span class=\"star\" role=\"img\" aria-label=\"excellent\">\u2605</span>");
        html.Add($"</td>");
    }

    /// <summary>The class of a cell that holds a margin in dB.</summary>
    public static string Shade(double? margin) =>
        margin is not { } value || double.IsNaN(value) || Math.Abs(value) < Ranking.Harm
            ? "zero"
            : (value > 0 ? "up" : "down") + Math.Clamp((int)Math.Ceiling(Math.Min(Math.Abs(value), Full) / Full * Shades), 1, Shades);
}
