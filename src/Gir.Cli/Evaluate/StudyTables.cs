using Gir.Cli.Shell;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Evaluation.Studies;
using Gir.Reports;
using Spectre.Console;

namespace Gir.Cli.Evaluate;

/// <summary>What a report says beyond rates: which degradations a restorer fears, how it does on kinds of scenes, distortion against perception.</summary>
internal static class StudyTables
{
    private const int Named = 3;

    public static void Print(IAnsiConsole console, GeneralityReport report)
    {
        if (report.Input.ByOperator.Count > 1)
            console.Write(Preferences(report));
        if (report.Input.ByCategory is { Count: > 1 } categories)
            console.Write(ByCategory(report, categories));
        foreach (EvaluatedMetric perception in report.Configuration.Metrics.Where(m => m is { HigherIsBetter: false, ZeroIsBest: false } && IsWithoutReference(m.Name)))
            PrintTradeOff(console, TradeOff.Of(report, GeneralityReport.PsnrName, perception.Name));
    }

    private static bool IsWithoutReference(string name) => new Gir.Metrics.MetricCatalog().NoReference.Any(m => m.Name == name);

    private static Table Preferences(GeneralityReport report)
    {
        Table table = Tables.New("Task preference: mean margin on an operator's tasks minus the restorer's mean margin, dB", "restorer", []);
        table.AddColumn("fears");
        table.AddColumn("favors");
        foreach (RestorerGenerality restorer in report.Restorers)
        {
            (string Operator, double Value)[] all = [.. OperatorPreference.Of(report, restorer).OrderBy(p => p.Value).Select(p => (p.Key, p.Value))];
            string Text(IEnumerable<(string Operator, double Value)> some) => string.Join(", ", some.Select(p => $"{p.Operator} {Tables.Signed(p.Value)}"));
            table.AddRow(Tables.Cells(Ranking.ShortName(report, restorer), Text(all.Where(p => p.Value < 0).Take(Named)), Text(all.Reverse().Where(p => p.Value > 0).Take(Named))));
        }

        return table;
    }

    private static Table ByCategory(GeneralityReport report, IReadOnlyList<CategoryOutcome> categories)
    {
        Table table = Tables.New(
            "By category: mean PSNR, dB, and what is gained over the input",
            "restorer",
            categories.Select(c => $"{(c.Name.Length > 0 ? c.Name : "(none)")}\n{Words.Count(c.Images, "image")}"));
        table.AddRow(Tables.Cells([ReportWords.Input, .. categories.Select(c => Tables.Decibels(c.Means[GeneralityReport.PsnrName]))]));
        foreach (RestorerGenerality restorer in report.Restorers)
        {
            table.AddRow(Tables.Cells(
            [
                Ranking.ShortName(report, restorer),
                .. restorer.ByCategory!.Zip(categories, (own, input) => (Own: own.Means[GeneralityReport.PsnrName], Input: input.Means[GeneralityReport.PsnrName]))
                    .Select(p => $"{Tables.Decibels(p.Own)} {Tables.Signed(p.Own - p.Input)}"),
            ]));
        }

        return table;
    }

    private static void PrintTradeOff(IAnsiConsole console, TradeOff plane)
    {
        Table table = Tables.New("Distortion and perception", "restorer", [plane.First.Name.ToUpperInvariant(), plane.Second.Name.ToUpperInvariant(), "unbeaten"]);
        foreach (TradeOffPoint point in plane.Points.OrderByDescending(p => p.First))
        {
            string name = point.Restorer == ResultRecord.InputName ? ReportWords.Input : point.Restorer;
            table.AddRow(Tables.Cells(name, Tables.Decibels(point.First), Tables.Decibels(point.Second), point.IsOnFront ? "yes" : ""));
        }

        console.Write(table);
        console.WriteLine("unbeaten: none is at least as good in both and better in one.");
    }
}
