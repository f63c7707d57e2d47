using System.Text;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Metrics.Analysis;

namespace Gir.Reports;

/// <summary>A report's tables as Markdown.</summary>
internal static class MarkdownReport
{
    public static string Of(GeneralityReport report)
    {
        EvaluationConfiguration run = report.Configuration;
        IReadOnlyList<RestorerGenerality> ranked = Ranking.Of(report);
        var text = new StringBuilder();
        text.Append("# How general are these restorers?\n\n");
        text.Append($"{Numbers.Count(run.Tasks.Count, "task")}, {Numbers.Count(run.Images.Count, "image")}; lines: {Escape(report.Lines.Label)}. Gir {Escape(run.Version)}, seed {run.Seed}, fingerprint {report.Fingerprint[..12]}.\n\n");
        if (report.Lines.Warning is { } warning)
            text.Append($"**Warning:** {Escape(warning)}\n\n");
        Table(text, ["restorer", "AR", "ER", .. run.Metrics.Select(m => m.Name.ToUpperInvariant()), "helped", "harmed"], ranked.Prepend(report.Input).Select(r => (string[])
        [
            r == report.Input ? "(degraded input)" : Ranking.ShortName(report, r),
            Rate(r.AcceptanceRate),
            Rate(r.ExcellenceRate),
            .. run.Metrics.Select(m => Numbers.Of(m.Name, r.Averages[m.Name].Value)),
            $"{Ranking.Helped(report, r)}/{r.Tasks.Count}",
            $"{Ranking.Harmed(report, r)}/{r.Tasks.Count}",
        ]));
        text.Append($"AR, ER: share of tasks whose mean PSNR is {Escape(report.Comparison)} the acceptance, the excellence line. {Escape(Ranking.Rule(report))}\n\n## Margins to the acceptance line, dB\n\n");
        Table(text, ["task", "operators", "input", .. ranked.Select(r => Ranking.ShortName(report, r))], run.Tasks.Select((task, t) => (string[])
        [
            task.Id,
            string.Join(" + ", task.Operators),
            Numbers.Of(GeneralityReport.PsnrName, report.Input.Tasks[t].Means[GeneralityReport.PsnrName]),
            .. ranked.Select(r => Numbers.Signed(r.Tasks[t].AcceptanceMargin) + (r.Tasks[t].Excellent == true ? " \u2605" : "")),
        ]));
        Subsets(text, report, ranked, "By order", r => r.ByOrder);
        Subsets(text, report, ranked, "By operator", r => r.ByOperator);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Subsets(StringBuilder text, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked, string title, Func<RestorerGenerality, IReadOnlyList<TaskSubset>> subsets)
    {
        if (subsets(report.Input).Count == 0)
            return;
        text.Append($"## {title}: acceptance rate, mean margin in dB\n\n");
        Table(text, ["restorer", .. subsets(report.Input).Select(s => s.Name)], ranked.Select(r => (string[])
        [
            Ranking.ShortName(report, r),
            .. subsets(r).Select(s => $"{Numbers.Percent(s.AcceptanceRate)}, {Numbers.Signed(s.AcceptanceMargin)}"),
        ]));
    }

    private static void Table(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        text.Append($"| {string.Join(" | ", columns.Select(Escape))} |\n|{string.Concat(columns.Select((_, i) => i == 0 ? "---|" : "---:|"))}\n");
        foreach (string[] row in rows)
            text.Append($"| {string.Join(" | ", row.Select(Escape))} |\n");
        text.Append('\n');
    }

    private static string Rate(Estimate rate) => Numbers.Interval(rate) is { Length: > 0 } interval ? $"{Numbers.Percent(rate.Value)} ({interval})" : Numbers.Percent(rate.Value);

    /// <summary>Text that stays text: neither markup, nor a column more, nor HTML.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsControl(c))
                escaped.Append(' ');
            else if (c is '<')
                escaped.Append("&lt;");
            else if (c is '&')
                escaped.Append("&amp;");
            else
                escaped.Append(c is '\\' or '|' or '*' or '_' or '`' or '[' or ']' or '>' ? "\\" : "").Append(c);
        }

        return escaped.ToString();
    }
}
