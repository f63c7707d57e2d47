using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>Settings and versions that made the numbers: enough to make them again.</summary>
internal static class SettingsSection
{
    public static void Write(HtmlText html, EvaluationPage page)
    {
        GeneralityReport report = page.Report;
        EvaluationConfiguration run = report.Configuration;
        html.Add($"<dl>");
        Entry(html, "Gir", run.Version);
        Entry(html, "Fingerprint", report.Fingerprint);
        Entry(html, "Seed", FormattableString.Invariant($"{run.Seed}"));
        Entry(html, "Lines", report.Lines.Provenance.Length > 0 ? $"{report.Lines.Label}: {report.Lines.Provenance}" : report.Lines.Label);
        foreach ((string name, string value) in report.Lines.Settings ?? new Dictionary<string, string>())
            Entry(html, $"Lines, {name}", value);
        if (report.Bootstrap is { } b)
            Entry(html, "Intervals", FormattableString.Invariant($"{b.Confidence:0%}, percentile bootstrap over images, {b.Resamples} resamples, seed {b.Seed}"));
        Entry(html, "Depth", run.DepthEstimator ?? "that of the images");
        foreach (EvaluatedMetric metric in run.Metrics)
            Entry(html, metric.Name.ToUpperInvariant(), metric.Convention);
        foreach ((string name, string value) in page.Settings)
            Entry(html, name, value);
        html.Add($"</dl>");
        Details(html, "Restorers", ["restorer", "what it is", "identity"], report.Restorers.Select(r => (string[])[r.Name, r.Description, r.Identity ?? Numbers.Nothing]));
        Details(html, "Images", ["image", "hash"], run.Images.Select(i => (string[])[i.Name, i.Hash]));
        Details(html, "Tasks", ["task", "definition"], run.Tasks.Select(t => (string[])[t.Id, t.Definition]));
    }

    private static void Entry(HtmlText html, string name, string value) => html.Add($"<dt>{name}</dt><dd>{value}</dd>");

    private static void Details(HtmlText html, string title, string[] columns, IEnumerable<string[]> rows)
    {
        html.Add($"<details><summary>{title}</summary>");
        TableHtml.Open(html, title, "", sortable: false, "words");
        TableHtml.Head(html, columns.Select(c => new TableColumn(c)));
        foreach (string[] row in rows)
        {
            html.Add($"<tr><th scope=\"row\">{row[0]}</th>");
            foreach (string cell in row[1..])
                html.Add($"<td>{cell}</td>");
            html.Add($"</tr>");
        }

        TableHtml.Close(html);
        html.Add($"</details>");
    }
}
