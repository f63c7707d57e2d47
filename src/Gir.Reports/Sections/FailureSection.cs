using System.Globalization;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Reports.Charts;
using Gir.Reports.Failures;
using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>Failure signs: the plane, shares, histograms, operators, categories, and the worst images with maps.</summary>
internal static class FailureSection
{
    private const int MostHistograms = 3;

    public static void Write(HtmlText html, EvaluationPage page, IReadOnlyList<RestorerGenerality> ranked)
    {
        GeneralityReport report = page.Report;
        (int Number, string Name, RestorerGenerality Restorer, FailureScore[] Scores)[] all =
        [
            .. ranked.Select((r, i) => (i + 1, Ranking.ShortName(report, r), r, FailureResults.Of(page.Results, r))).Prepend((0, "(degraded input)", report.Input, FailureResults.Of(page.Results, report.Input)))
                .Where(a => a.Item4.Length > 0),
        ];
        if (all.Length == 0)
            return;
        html.Add($"<p class=\"note\">Measured proxies by Gir's own definition, no opinions of people: under is the share of the clean image's detail that is missing, over the share that it does not explain. Look at both: they can hide one another in a difference.</p><figure>");
        FailurePlane.Draw(html, all);
        html.Add($"<figcaption>Below the line more is missing than was added, above it more was added; 0 is the degraded input, other numbers are those of the summary.</figcaption></figure>");
        Shares(html, all);
        Histograms(html, [.. all.Where(a => a.Number > 0).Take(MostHistograms)]);
        Groups(html, all, "Failure signs by operator", "Means of under / over over the tasks that hold the operator.", [.. report.Input.ByOperator.Select(s => s.Name)], Operators(report));
        string[] categories = [.. report.Configuration.Images.Select(i => FailureResults.CategoryOf(i.Name)).Distinct()];
        if (categories.Length > 1)
            Groups(html, all, "Failure signs by category", "Means of under / over over the images of a category.", categories, (result, category) => FailureResults.CategoryOf(result.Image) == category);
        if (page.WorstImages.Count > 0)
            PanelSection.Write(html, page.WorstImages);
    }

    private static Func<ResultRecord, string, bool> Operators(GeneralityReport report)
    {
        Dictionary<string, HashSet<string>> operators = report.Configuration.Tasks.ToDictionary(t => t.Id, t => t.Operators.ToHashSet(), StringComparer.Ordinal);
        return (result, name) => operators[result.Task].Contains(name);
    }

    private static void Shares(HtmlText html, (int Number, string Name, RestorerGenerality Restorer, FailureScore[] Scores)[] all)
    {
        TableHtml.Open(html, "How restorers fail", string.Create(CultureInfo.InvariantCulture, $"Shares of images of which more than {FailureResults.Limit:0.0} of the detail is missing (under), was added (over), both, or neither (fair)."), sortable: true);
        TableHtml.Head(html, [new(TableHtml.Rank), new("restorer"), new("under", "mean"), new("over", "mean"), new("detail", "mean, 0 is best"), new("sharpness", "mean, 0 is best"), new("under", "share"), new("over", "share"), new("both", "share"), new("fair", "share")]);
        foreach ((int number, string name, _, FailureScore[] scores) in all)
        {
            double?[] sharpness = [.. scores.Select(s => s.Sharpness).Where(s => s is not null)];
            html.Add($"<tr><td class=\"rank\">{number}</td><th scope=\"row\">{name}</th><td>{scores.Average(s => s.Under):0.00}</td><td>{scores.Average(s => s.Over):0.00}</td>");
            html.Add($"<td>{Numbers.Signed(scores.Average(s => s.Detail))}</td><td>{Numbers.Signed(sharpness.Length > 0 ? sharpness.Average() : null)}</td>");
            foreach (FailureSign sign in Enum.GetValues<FailureSign>())
            {
                double share = scores.Count(s => s.Sign == sign) / (double)scores.Length;
                html.Add($"<td data-v=\"{Numbers.Key(share)}\">{Numbers.Percent(share)}</td>");
            }

            html.Add($"</tr>");
        }

        TableHtml.Close(html);
    }

    private static void Histograms(HtmlText html, (int Number, string Name, RestorerGenerality Restorer, FailureScore[] Scores)[] shown)
    {
        html.Add($"<div class=\"charts\">");
        foreach ((_, string name, _, FailureScore[] scores) in shown)
            Histogram.Draw(html, $"{name}, detail", "missing < 0 < added", [.. scores.Select(s => s.Detail)]);
        foreach ((_, string name, _, FailureScore[] scores) in shown.Where(s => s.Scores.Any(x => x.Sharpness is not null)))
            Histogram.Draw(html, $"{name}, sharpness", "soft < 0 < hard", [.. scores.Select(s => s.Sharpness).OfType<double>()]);
        html.Add($"</div>");
    }

    private static void Groups(
        HtmlText html,
        (int Number, string Name, RestorerGenerality Restorer, FailureScore[] Scores)[] all,
        string title,
        string summary,
        string[] groups,
        Func<ResultRecord, string, bool> belongs)
    {
        TableHtml.Open(html, title, summary, sortable: true);
        TableHtml.Head(html, [new("restorer"), .. groups.Select(g => new TableColumn(g.Length > 0 ? g : "(none)"))]);
        foreach ((_, string name, _, FailureScore[] scores) in all)
        {
            html.Add($"<tr><th scope=\"row\">{name}</th>");
            foreach (string group in groups)
            {
                FailureScore[] members = [.. scores.Where(s => belongs(s.Result, group))];
                if (members.Length == 0)
                    html.Add($"<td data-v=\"\">{Numbers.Nothing}</td>");
                else
                    html.Add($"<td data-v=\"{Numbers.Key(members.Average(s => s.Detail))}\">{members.Average(s => s.Under):0.00} / {members.Average(s => s.Over):0.00}</td>");
            }

            html.Add($"</tr>");
        }

        TableHtml.Close(html);
    }
}
