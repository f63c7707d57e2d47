using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>Every task against every restorer.</summary>
internal static class TaskSection
{
    public static void Write(HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked)
    {
        TableHtml.Open(html, "Margins by task", "Mean PSNR minus acceptance line, dB. Blue: accepted; orange: below the line; a star: the excellence line is reached too; bold: the best of its row.", sortable: true, "matrix");
        TableHtml.Head(html, [new("task"), new("order"), new("input", "PSNR"), new("accepted"), .. ranked.Select(r => new TableColumn(Ranking.ShortName(report, r)))]);
        for (int t = 0; t < report.Configuration.Tasks.Count; t++)
            Row(html, report, ranked, t);
        TableHtml.Close(html);
    }

    private static void Row(HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked, int task)
    {
        EvaluatedTask evaluated = report.Configuration.Tasks[task];
        double input = report.Input.Tasks[task].Means[GeneralityReport.PsnrName];
        int accepted = ranked.Count(r => r.Tasks[task].Accepted == true);
        html.Add($"<tr><th scope=\"row\" data-v=\"{task}\" title=\"{evaluated.Definition}\"><b>{evaluated.Id}</b> <span>{string.Join(" + ", evaluated.Operators)}</span></th>");
        html.Add($"<td>{evaluated.Order}</td><td data-v=\"{Numbers.Key(input)}\">{Numbers.Of("psnr", input)}</td><td data-v=\"{accepted}\">{accepted}/{ranked.Count}</td>");
        double best = ranked.Count == 0 ? double.NaN : ranked.Max(r => r.Tasks[task].Means[GeneralityReport.PsnrName]);
        foreach (RestorerGenerality restorer in ranked)
        {
            TaskOutcome outcome = restorer.Tasks[task];
            TableHtml.Margin(html, outcome.AcceptanceMargin, outcome.Excellent == true, outcome.Means[GeneralityReport.PsnrName].Equals(best));
        }

        html.Add($"</tr>");
    }
}
