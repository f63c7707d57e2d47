using Gir.Cli.Shell;
using Gir.Evaluation.Gates;
using Spectre.Console;

namespace Gir.Cli.Evaluate;

/// <summary>A gate's report as tables, one for each restorer.</summary>
internal static class GateTable
{
    public static void Print(IAnsiConsole console, GateReport report)
    {
        foreach (GateVerdict verdict in report.Restorers)
        {
            Table table = Tables.New($"{verdict.Restorer} against the gate '{report.Gate}', {Words.Count(report.Images.Count, "image")}, dB", "line", []);
            table.AddColumn(new TableColumn("where"));
            foreach (string column in (string[])["found", "at least", "met"])
                table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
            foreach (GateCheck check in verdict.Checks)
                table.AddRow(Tables.Cells(check.Line, check.Where, Tables.Decibels(check.Found), Tables.Decibels(check.Bound), check.IsMet ? "yes" : "NO"));
            console.Write(table);
        }
    }

    /// <summary>Tells who does not meet the gate.</summary>
    /// <returns>0 where all do, else 1.</returns>
    public static int Judge(Terminal terminal, GateReport report)
    {
        foreach (GateVerdict verdict in report.Restorers.Where(r => !r.IsMet))
            terminal.Error.WriteLine($"gate not met: {verdict.Restorer}: {verdict.Checks.Count(c => !c.IsMet)} of {Words.Count(verdict.Checks.Count, "line")} of '{report.Gate}'");
        return report.IsMet ? ExitCode.Fine : ExitCode.GateNotMet;
    }
}
