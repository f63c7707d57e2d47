using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Metrics.Analysis;
using Gir.Reports.Charts;
using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>The headline: who is most general, how sure that is, the scatter, and the table of all.</summary>
internal static class SummarySection
{
    public static void Write(HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked)
    {
        if (ranked.Count > 0)
            Cards(html, report, ranked[0]);
        if (report.Lines.Warning is { } warning)
            html.Add($"<p class=\"warning\"><strong>Warning:</strong> {warning}</p>");
        if (report.Lines.IsReduced)
            html.Add($"<p class=\"warning\">The lines '{report.Lines.Label}' come from networks trained with less than the paper's settings: these rates cannot be compared with published ones.</p>");
        if (ranked.Count > 0)
        {
            html.Add($"<figure class=\"legended\">");
            RateScatter.Draw(html, report, ranked);
            html.Add($"<figcaption><ol class=\"legend\" aria-label=\"Restorers by rank\">");
            foreach (RestorerGenerality restorer in ranked)
                html.Add($"<li>{Ranking.ShortName(report, restorer)}</li>");
            html.Add($"</ol>Up and to the right is better. Filled: networks, hollow: classical{(report.Bootstrap is null ? "" : "; thin lines: intervals")}.</figcaption></figure>");
        }

        Table(html, report, ranked);
        html.Add($"<p class=\"note\">AR, ER: share of tasks whose mean PSNR is {report.Comparison} the acceptance, the excellence line{Interval(report)}. Helped, harmed: tasks whose mean PSNR ends more than {Ranking.Harm} dB above, below that of the degraded images.{Unlined(report)} {Ranking.Rule(report)}</p>");
        foreach (RestorerGenerality restorer in report.Restorers.Prepend(report.Input))
        {
            foreach ((string metric, int count) in restorer.NotMeasured ?? new Dictionary<string, int>())
                html.Add($"<p class=\"note\">{metric} could not measure {Numbers.Count(count, "result")} of {restorer.Name}; its means are over the others.</p>");
        }
    }

    private static void Cards(HtmlText html, GeneralityReport report, RestorerGenerality best)
    {
        string name = Ranking.ShortName(report, best);
        double gain = best.Averages[GeneralityReport.PsnrName].Value - report.Input.Averages[GeneralityReport.PsnrName].Value;
        html.Add($"<div class=\"cards\"><div class=\"card first\"><h3>Most general</h3><p class=\"big\">{name}</p><p>{best.Description}</p></div>");
        Card(html, "Acceptance rate", Numbers.Percent(best.AcceptanceRate.Value), Numbers.Interval(best.AcceptanceRate));
        Card(html, "Excellence rate", Numbers.Percent(best.ExcellenceRate.Value), Numbers.Interval(best.ExcellenceRate));
        Card(html, "Mean gain", $"{Numbers.Signed(gain)} dB", $"{Numbers.Of("psnr", best.Averages["psnr"].Value)} dB PSNR");
        Card(html, "Harmed", $"{Ranking.Harmed(report, best)} of {best.Tasks.Count}", $"tasks that end worse than they began; {Ranking.Helped(report, best)} end better");
        html.Add($"</div>");
    }

    private static void Card(HtmlText html, string title, string value, string detail) =>
        html.Add($"<div class=\"card\"><h3>{title}</h3><p class=\"big\">{value}</p><p>{detail}</p></div>");

    private static void Table(HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked)
    {
        TableHtml.Open(html, "All restorers", "Rates and mean metrics of every restorer; the first row is the degraded image itself.", sortable: true);
        TableHtml.Head(html, [new(TableHtml.Rank), new("restorer"), new("AR"), new("ER"), new("helped", "tasks"), new("harmed", "tasks"), .. report.Configuration.Metrics.Select(m => new TableColumn(m.Name.ToUpperInvariant(), Better(m))), new("parameters")]);
        Row(html, report, report.Input, "", "(degraded input)");
        foreach ((int index, RestorerGenerality restorer) in ranked.Index())
            Row(html, report, restorer, $"{index + 1}", Ranking.ShortName(report, restorer));
        TableHtml.Close(html);
    }

    private static string Better(EvaluatedMetric metric) => metric.ZeroIsBest ? "0 is best" : metric.HigherIsBetter ? "" : "low is good";

    private static void Row(HtmlText html, GeneralityReport report, RestorerGenerality restorer, string number, string name)
    {
        html.Add($"<tr><td class=\"rank\" data-v=\"{number}\">{number}</td><th scope=\"row\" title=\"{restorer.Description}\">{name}</th>");
        Rate(html, restorer.AcceptanceRate);
        Rate(html, restorer.ExcellenceRate);
        foreach (int count in (int[])[Ranking.Helped(report, restorer), Ranking.Harmed(report, restorer)])
            html.Add($"<td data-v=\"{count}\">{count}/{restorer.Tasks.Count}</td>");
        foreach (EvaluatedMetric metric in report.Configuration.Metrics)
        {
            Estimate average = restorer.Averages[metric.Name];
            html.Add($"<td data-v=\"{Numbers.Key(average.Value)}\">{Numbers.Of(metric.Name, average.Value)}");
            if (average is { Low: { } low, High: { } high })
                html.Add($"<small>{Numbers.Of(metric.Name, low)} to {Numbers.Of(metric.Name, high)}</small>");
            html.Add($"</td>");
        }

        html.Add($"<td data-v=\"{Numbers.Key(restorer.ParameterCount)}\">{Parameters(restorer.ParameterCount)}</td></tr>");
    }

    private static void Rate(HtmlText html, Estimate rate)
    {
        html.Add($"<td class=\"rate\" data-v=\"{Numbers.Key(rate.Value)}\"><span>{Numbers.Percent(rate.Value)}</span>");
        RateBar.Draw(html, rate);
        if (Numbers.Interval(rate) is { Length: > 0 } interval)
            html.Add($"<small>{interval}</small>");
        html.Add($"</td>");
    }

    private static string Parameters(long count) =>
        count == 0 ? Numbers.Nothing : count < 1_000_000 ? FormattableString.Invariant($"{count / 1e3:0.#} k") : FormattableString.Invariant($"{count / 1e6:0.##} M");

    private static string Interval(GeneralityReport report) => report.Bootstrap is { } b
        ? FormattableString.Invariant($"; the intervals hold {b.Confidence:0%} of {b.Resamples} resamples of the images")
        : "; one image alone has no intervals";

    private static string Unlined(GeneralityReport report)
    {
        int lined = report.Lines.Tasks.Count;
        int all = report.Configuration.Tasks.Count;
        return lined == all ? "" : $" Rates are over the {lined} of {all} tasks that have lines.";
    }
}
