using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>By order, by operator, and what is lost from the representative tasks to random ones.</summary>
internal static class SubsetSection
{
    public static void Write(HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked)
    {
        if (report.Input.ByOrder.Count > 0)
            Table(html, report, ranked, "By order", "How many degradations are composed: acceptance rate, and below it the mean margin to the acceptance line in dB.", r => r.ByOrder);
        if (report.Input.ByOperator.Count > 0)
            Table(html, report, ranked, "By operator", "Mean margin in dB and, above it, acceptance rate over the tasks that hold the operator; a task counts for each of its operators.", r => r.ByOperator);
        if (report.Input.ByCategory is { } categories)
            Categories(html, report, ranked, categories);
        if (ranked.Any(r => r.Gap is not null))
            Gaps(html, report, ranked);
    }

    private static void Table(
        HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked, string caption, string summary, Func<RestorerGenerality, IReadOnlyList<TaskSubset>> subsets)
    {
        TableHtml.Open(html, caption, summary, sortable: true);
        TableHtml.Head(html, [new("restorer"), .. subsets(report.Input).Select(s => new TableColumn(s.Name, Numbers.Count(s.Tasks, "task")))]);
        foreach (RestorerGenerality restorer in ranked)
        {
            html.Add($"<tr><th scope=\"row\">{Ranking.ShortName(report, restorer)}</th>");
            foreach (TaskSubset subset in subsets(restorer))
            {
                html.Add($"<td class=\"{TableHtml.Shade(subset.AcceptanceMargin)}\" data-v=\"{Numbers.Key(subset.AcceptanceMargin)}\">{Numbers.Percent(subset.AcceptanceRate)}<small>{Numbers.Signed(subset.AcceptanceMargin)}</small></td>");
            }

            html.Add($"</tr>");
        }

        TableHtml.Close(html);
    }

    private static void Categories(HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked, IReadOnlyList<CategoryOutcome> categories)
    {
        TableHtml.Open(html, "By category", "What the images show: gain in mean PSNR over the degraded images in dB, and below it the acceptance rate; the first row is the PSNR of the degraded images.", sortable: true);
        TableHtml.Head(html, [new("restorer"), .. categories.Select(c => new TableColumn(c.Name.Length > 0 ? c.Name : "(none)", Numbers.Count(c.Images, "image")))]);
        html.Add($"<tr><th scope=\"row\">(degraded input)</th>");
        foreach (CategoryOutcome category in categories)
            html.Add($"<td data-v=\"0\">{Numbers.Of(GeneralityReport.PsnrName, category.Means[GeneralityReport.PsnrName])}</td>");
        html.Add($"</tr>");
        foreach (RestorerGenerality restorer in ranked)
        {
            html.Add($"<tr><th scope=\"row\">{Ranking.ShortName(report, restorer)}</th>");
            foreach ((CategoryOutcome own, CategoryOutcome input) in (restorer.ByCategory ?? []).Zip(categories))
            {
                double gain = own.Means[GeneralityReport.PsnrName] - input.Means[GeneralityReport.PsnrName];
                html.Add($"<td class=\"{TableHtml.Shade(gain)}\" data-v=\"{Numbers.Key(gain)}\">{Numbers.Signed(gain)}<small>{Numbers.Percent(own.AcceptanceRate)}</small></td>");
            }

            html.Add($"</tr>");
        }

        TableHtml.Close(html);
    }

    private static void Gaps(HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked)
    {
        TableHtml.Open(html, "Representative and cross-validation tasks", "What is lost from the tasks of the benchmark to tasks drawn at random: near 0, the benchmark's tasks stand for the rest.", sortable: true);
        TableHtml.Head(html, [new("restorer"), new("AR", "representative"), new("AR", "cross-validation"), new("AR", "difference"), new("ER", "difference"), new("PSNR", "difference, dB"), new("margin", "difference, dB")]);
        foreach (RestorerGenerality restorer in ranked.Where(r => r.Gap is not null))
        {
            TaskSubset Group(DegradationTaskGroup group) => restorer.ByGroup.First(g => g.Name == group.ToString());
            html.Add($"<tr><th scope=\"row\">{Ranking.ShortName(report, restorer)}</th><td>{Numbers.Percent(Group(DegradationTaskGroup.Representative).AcceptanceRate)}</td><td>{Numbers.Percent(Group(DegradationTaskGroup.CrossValidation).AcceptanceRate)}</td>");
            foreach (double? value in (double?[])[restorer.Gap!.AcceptanceRate, restorer.Gap.ExcellenceRate, restorer.Gap.Psnr, restorer.Gap.AcceptanceMargin])
                html.Add($"<td data-v=\"{Numbers.Key(value)}\">{Numbers.Signed(value)}</td>");
            html.Add($"</tr>");
        }

        TableHtml.Close(html);
    }
}
