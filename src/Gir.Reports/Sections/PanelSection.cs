using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>What was put beside the evaluation: each a text, pictures and a table.</summary>
internal static class PanelSection
{
    public static void Write(HtmlText html, IReadOnlyList<ReportPanel> panels)
    {
        foreach (ReportPanel panel in panels)
        {
            html.Add($"<article><h3>{panel.Title}</h3><p>{panel.Text}</p>");
            if (panel.Pictures.Count > 0)
            {
                html.Add($"<div class=\"gallery\">");
                foreach (ReportPicture picture in panel.Pictures)
                    html.Add($"<figure><img src=\"{picture.DataUri}\" alt=\"{picture.Name}\" width=\"{picture.Width}\" height=\"{picture.Height}\"><figcaption>{picture.Name}<small>{picture.Caption}</small></figcaption></figure>");
                html.Add($"</div>");
            }

            if (panel.Columns.Count > 0)
            {
                TableHtml.Open(html, panel.Title, "", sortable: true);
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
}
