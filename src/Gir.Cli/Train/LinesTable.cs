using Gir.Cli.Shell;
using Gir.Evaluation.Lines;
using Spectre.Console;

namespace Gir.Cli.Train;

/// <summary>Lines as a table, and how far apart they are.</summary>
internal static class LinesTable
{
    // Below it the two rates say nearly the same.
    private const double TellingGap = 0.3;

    public static void Print(IAnsiConsole console, QualityLines lines, string path)
    {
        if (lines.TaskIds.Count == 0)
            return;
        Table table = Tables.New("Lines, dB", "task", ["acceptance", "excellence", "gap"]);
        QualityLine[] all = [.. lines.TaskIds.Select(t => lines.At(t, 0))];
        foreach ((string task, QualityLine line) in lines.TaskIds.Zip(all))
            table.AddRow(Tables.Cells(task, Tables.Decibels(line.Acceptance), Tables.Decibels(line.Excellence), Tables.Decibels(line.Excellence - line.Acceptance)));
        console.Write(table);
        int apart = all.Count(l => l.Excellence - l.Acceptance >= TellingGap);
        console.WriteLine($"At least {TellingGap.ToString(System.Globalization.CultureInfo.InvariantCulture)} dB apart: {apart} of {Words.Count(all.Length, "task")}. Lines: {path}");
    }
}
