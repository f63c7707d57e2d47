using System.Globalization;
using System.Text;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;

namespace Gir.Reports;

/// <summary>A report as comma-separated values (RFC 4180, line feeds).</summary>
internal static class CsvReport
{
    public static string Of(GeneralityReport report)
    {
        EvaluationConfiguration run = report.Configuration;
        var text = new StringBuilder();
        Line(text, ["restorer", "task", "order", "operators", .. run.Metrics.Select(m => m.Name), "acceptance_margin", "excellence_margin", "accepted", "excellent"]);
        foreach (RestorerGenerality restorer in report.Restorers.Prepend(report.Input))
        {
            foreach ((EvaluatedTask task, TaskOutcome outcome) in run.Tasks.Zip(restorer.Tasks))
            {
                Line(text,
                [
                    Field(restorer.Name),
                    Field(task.Id),
                    task.Order.ToString(CultureInfo.InvariantCulture),
                    Field(string.Join(" + ", task.Operators)),
                    .. run.Metrics.Select(m => Numbers.Key(outcome.Means[m.Name])),
                    Numbers.Key(outcome.AcceptanceMargin),
                    Numbers.Key(outcome.ExcellenceMargin),
                    Truth(outcome.Accepted),
                    Truth(outcome.Excellent),
                ]);
            }
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields).Append('\n');

    private static string Truth(bool? value) => value switch { null => "", true => "true", false => "false" };

    private static string Field(string text)
    {
        // A spreadsheet would run what begins so as a formula.
        string safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\n\r") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
