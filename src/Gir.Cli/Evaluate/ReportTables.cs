using Gir.Cli.Shell;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Reports;
using Spectre.Console;

namespace Gir.Cli.Evaluate;

/// <summary>A report as tables.</summary>
internal static class ReportTables
{
    private const int RoomyWidth = 110;

    // One for each of the two lines; those of files that were merged are more, and would hide the tables.
    private const int MostSettings = 2;

    public static void Print(IAnsiConsole console, GeneralityReport report)
    {
        console.Write(Summary(report));
        PrintLegend(console, report);
        console.Write(PerTask(console, report));
        console.WriteLine("margin: mean PSNR of the best restorer minus the acceptance and the excellence line, dB; accepted: restorers that reach the former.");
        PrintByOperator(console, report);
        if (report.Restorers.Any(r => r.Gap is not null))
            console.Write(Gaps(report));
    }

    private static Table Summary(GeneralityReport report)
    {
        EvaluationConfiguration run = report.Configuration;
        Table table = Tables.New(
            $"{Words.Count(run.Tasks.Count, "task")} x {Words.Count(run.Images.Count, "image")}, lines: {report.Lines.Label}",
            "restorer",
            [.. run.Metrics.Select(m => m.Name.ToUpperInvariant() + (m is { HigherIsBetter: true, ZeroIsBest: false } ? "" : $"\n({ReportWords.Best(m)})")), "AR", "ER", "harmed", .. Orders(report.Input).Select(o => "AR\n" + o.Name)]);
        AddRow(table, report, report.Input, ReportWords.Input);
        foreach (RestorerGenerality restorer in report.Restorers.OrderByDescending(r => r.Averages[GeneralityReport.PsnrName].Value))
            AddRow(table, report, restorer, Ranking.ShortName(report, restorer));
        return table;
    }

    private static void AddRow(Table table, GeneralityReport report, RestorerGenerality restorer, string name) =>
        table.AddRow(Tables.Cells(
        [
            name,
            .. report.Configuration.Metrics.Select(m => Format(m.Name, restorer.Averages[m.Name].Value)),
            Tables.Rate(restorer.AcceptanceRate),
            Tables.Rate(restorer.ExcellenceRate),
            $"{Ranking.Harmed(report, restorer)}/{restorer.Tasks.Count}",
            .. Orders(restorer).Select(o => Tables.Rate(o.AcceptanceRate)),
        ]));

    /// <summary>Rates by order are worth a column each only where there are several orders.</summary>
    private static IReadOnlyList<TaskSubset> Orders(RestorerGenerality restorer) => restorer.ByOrder.Count > 1 ? restorer.ByOrder : [];

    private static void PrintLegend(IAnsiConsole console, GeneralityReport report)
    {
        console.WriteLine($"AR, ER: share of tasks whose mean PSNR is {report.Comparison} the acceptance, the excellence line"
            + (report.Bootstrap is { } b ? FormattableString.Invariant($"; [{b.Confidence:0%} interval over images]") : "") + ".");
        console.WriteLine(FormattableString.Invariant($"harmed: tasks whose mean PSNR ends more than {Ranking.Harm} dB below that of the degraded images."));
        if (report.Lines.Provenance.Length > 0)
            console.WriteLine($"lines '{report.Lines.Label}': {report.Lines.Provenance}.");
        if (report.Lines.Warning is { } warning)
            console.WriteLine($"warning: {warning}");
        if (report.Lines.IsReduced)
            console.WriteLine($"'{report.Lines.Label}' comes from networks trained with less than the paper's settings: these rates cannot be compared with published ones.");
        IReadOnlyDictionary<string, string> settings = report.Lines.Settings ?? new Dictionary<string, string>();
        if (settings.Count > MostSettings)
            console.WriteLine("How they were trained stands in the report.");
        foreach ((string name, string value) in settings.Where(_ => settings.Count <= MostSettings))
            console.WriteLine($"  {name}: {value}");
        HashSet<string> lined = [.. report.Lines.Tasks.Select(t => t.Task)];
        string[] without = [.. report.Configuration.Tasks.Select(t => t.Id).Where(t => !lined.Contains(t))];
        if (without.Length > 0)
            console.WriteLine($"AR and ER are over {lined.Count} of {report.Configuration.Tasks.Count} tasks; there is no line for {string.Join(", ", without)}.");
        if (report.Lines.Label == Gir.Evaluation.Lines.QualityLines.InputLabel)
            console.WriteLine("(input) is the degraded image itself, which lies on every acceptance line: the reference, not an achievement.");
    }

    private static Table PerTask(IAnsiConsole console, GeneralityReport report)
    {
        Table table = Tables.New("By task", "task", ["input", "best", "margin:\naccept.", "\nexcell.", "accepted"]);
        table.AddColumn(new TableColumn("best restorer").NoWrap());
        // In a narrow window the operators would take more lines than all else.
        bool roomy = console.Profile.Width >= RoomyWidth;
        if (roomy)
            table.AddColumn(new TableColumn("operators"));
        for (int t = 0; t < report.Configuration.Tasks.Count; t++)
        {
            EvaluatedTask task = report.Configuration.Tasks[t];
            RestorerGenerality best = report.Restorers.MaxBy(r => r.Tasks[t].Means[GeneralityReport.PsnrName]) ?? report.Input;
            TaskOutcome outcome = best.Tasks[t];
            table.AddRow(Tables.Cells(
            [
                task.Id,
                Tables.Decibels(report.Input.Tasks[t].Means[GeneralityReport.PsnrName]),
                Tables.Decibels(outcome.Means[GeneralityReport.PsnrName]),
                Tables.Signed(outcome.AcceptanceMargin),
                Tables.Signed(outcome.ExcellenceMargin),
                outcome.Accepted is null ? Tables.Nothing : $"{report.Restorers.Count(r => r.Tasks[t].Accepted == true)}/{report.Restorers.Count}",
                Ranking.ShortName(report, best),
                .. roomy ? [string.Join(" + ", task.Operators)] : Array.Empty<string>(),
            ]));
        }

        return table;
    }

    /// <summary>One row for each restorer; in a narrow window several tables.</summary>
    private static void PrintByOperator(IAnsiConsole console, GeneralityReport report)
    {
        const int narrowColumns = 4;
        TaskSubset[] operators = [.. report.Input.ByOperator];
        if (operators.Length == 0)
            return;
        foreach (int[] columns in Enumerable.Range(0, operators.Length).Chunk(console.Profile.Width >= RoomyWidth ? operators.Length : narrowColumns))
        {
            Table table = Tables.New("By operator: mean margin to the acceptance line, dB", "restorer", columns.Select(c => operators[c].Name.Replace('-', '\n')));
            foreach (RestorerGenerality restorer in report.Restorers)
                table.AddRow(Tables.Cells([Ranking.ShortName(report, restorer), .. columns.Select(c => Tables.Signed(restorer.ByOperator[c].AcceptanceMargin))]));
            console.Write(table);
        }

        console.WriteLine("A task counts for each of its operators.");
    }

    private static Table Gaps(GeneralityReport report)
    {
        Table table = Tables.New(
            "Representative and cross-validation tasks",
            "restorer",
            ["AR\nrepr.", "AR\ncross", "AR\ndiff.", "ER\nrepr.", "ER\ncross", "ER\ndiff.", "PSNR\nrepr.", "PSNR\ncross", "PSNR\ndiff.", "margin\ndiff."]);
        foreach (RestorerGenerality restorer in report.Restorers)
        {
            if (restorer.Gap is not { } gap)
                continue;
            TaskSubset representative = restorer.ByGroup.First(g => g.Name == nameof(DegradationTaskGroup.Representative));
            TaskSubset cross = restorer.ByGroup.First(g => g.Name == nameof(DegradationTaskGroup.CrossValidation));
            table.AddRow(Tables.Cells(
                Ranking.ShortName(report, restorer),
                Tables.Rate(representative.AcceptanceRate),
                Tables.Rate(cross.AcceptanceRate),
                Tables.Signed(gap.AcceptanceRate),
                Tables.Rate(representative.ExcellenceRate),
                Tables.Rate(cross.ExcellenceRate),
                Tables.Signed(gap.ExcellenceRate),
                Tables.Decibels(representative.Psnr),
                Tables.Decibels(cross.Psnr),
                Tables.Signed(gap.Psnr),
                Tables.Signed(gap.AcceptanceMargin)));
        }

        return table;
    }

    private static string Format(string metric, double value) =>
        metric == GeneralityReport.PsnrName ? Tables.Decibels(value) : Tables.Similarity(value);
}
