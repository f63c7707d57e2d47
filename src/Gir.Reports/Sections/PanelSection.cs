using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>What was put beside the evaluation: each a text, pictures and a table.</summary>
internal static class PanelSection
{
    // Charts are drawn wide and are read at that size; photographs stand side by side.
    private const double WideRatio = 1.2;
    private const int WideSide = 600;

    public static void Write(HtmlText html, IReadOnlyList<ReportPanel> panels)
    {
        foreach (ReportPanel panel in panels)
        {
            html.Add($"<article><h3>{panel.Title}</h3>");
            if (panel.Text.Length > 0)
                html.Add($"<p class=\"told\">{panel.Text}</p>");
            if (panel.Pictures.Count > 0)
            {
                html.Add($"<div class=\"gallery{(panel.Pictures.Any(IsWide) ? " wide" : "")}\">");
                foreach (ReportPicture picture in panel.Pictures)
                    html.Add($"<figure><img src=\"{picture.DataUri}\" alt=\"{picture.Name}\" width=\"{picture.Width}\" height=\"{picture.Height}\"><figcaption>{picture.Name}<small>{picture.Caption}</small></figcaption></figure>");
                html.Add($"</div>");
            }

            if (panel.Columns.Count > 0)
            {
                TableHtml.OpenUnder(html, panel.Title, sortable: true);
                TableHtml.Head(html, panel.Columns.Select(c => new TableColumn(c)));
                foreach (IReadOnlyList<string> row in panel.Rows)
                {
                    html.Add($"<tr>");
                    foreach ((int index, string cell) in row.Index())
                    {
                        if (index == 0)
                            html.Add($"<th scope=\"row\">{cell}</th>");
                        else
                            html.Add($"<td>{cell}</td>");
                    }

                    html.Add($"</tr>");
                }

                TableHtml.Close(html);
            }

            html.Add($"</article>");
        }
    }

    private static bool IsWide(ReportPicture picture) => picture.Width >= WideSide && picture.Width >= WideRatio * picture.Height;
}
