using System.Security.Cryptography;
using System.Text;
using Gir.Evaluation.Generality;
using Gir.Reports.Failures;
using Gir.Reports.Sections;

namespace Gir.Reports.Html;

/// <summary>The whole page.</summary>
internal static class PageHtml
{
    /// <summary>How pages look.</summary>
    public static string Style { get; } = EmbeddedText.Read(typeof(PageHtml), "Gir.Reports.page.css");

    /// <summary>Dark and light, tables that sort, sliders.</summary>
    public static string Script { get; } = EmbeddedText.Read(typeof(PageHtml), "Gir.Reports.page.js");

    public static string Of(EvaluationPage page)
    {
        var html = new HtmlText();
        GeneralityReport report = page.Report;
        IReadOnlyList<RestorerGenerality> ranked = Ranking.Of(report);
        // Nothing is loaded and nothing but this style and this script works, whatever stands in the rest of the page.
        html.Add($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'\">");
        html.Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{page.Title}</title><link rel=\"icon\" href=\"data:,\">");
        html.AddRaw($"<style>{Style}</style></head>\n");
        html.Add($"<body><a class=\"skip\" href=\"#main\">Skip to the content</a>");
        html.Add($"<header><div><h1>{page.Title}</h1><p>{Numbers.Count(ranked.Count, "restorer")}, {Numbers.Count(report.Configuration.Tasks.Count, "task")}, {Numbers.Count(report.Configuration.Images.Count, "image")}; lines: {report.Lines.Label}</p></div>");
        html.Add($"<button id=\"theme\" type=\"button\" hidden>Dark</button></header>");
        var sections = new (string Id, string Name, Action<HtmlText> Write)?[]
        {
            ("summary", "Summary", h => SummarySection.Write(h, report, ranked)),
            page.Comparisons.Count > 0 ? ("pictures", "Pictures", h => ComparisonSection.Write(h, page.Comparisons)) : null,
            ("tasks", "Tasks", h => TaskSection.Write(h, report, ranked)),
            ("subsets", report.Input.ByCategory is null ? "Orders and operators" : "Orders, operators, categories", h => SubsetSection.Write(h, report, ranked)),
            FailureResults.AreMeasured(report) && page.Results.Count > 0 ? ("failures", "Failure signs", h => FailureSection.Write(h, page, ranked)) : null,
            page.Costs.Count > 0 ? ("cost", "Cost", h => CostSection.Write(h, page, ranked)) : null,
            page.Panels.Count > 0 ? ("panels", "Panels", h => PanelSection.Write(h, page.Panels)) : null,
            ("settings", "Settings", h => SettingsSection.Write(h, page)),
        };
        html.Add($"<nav aria-label=\"Parts of the page\"><ul>");
        foreach ((string id, string name, _) in sections.OfType<(string, string, Action<HtmlText>)>())
            html.Add($"<li><a href=\"#{id}\">{name}</a></li>");
        html.Add($"</ul></nav><main id=\"main\">");
        foreach ((string id, string name, Action<HtmlText> write) in sections.OfType<(string, string, Action<HtmlText>)>())
        {
            html.Add($"<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{name}</h2>");
            write(html);
            html.Add($"</section>");
        }

        html.Add($"</main>");
        html.AddRaw($"<script>{Script}</script></body></html>\n");
        return html.ToString();
    }

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
