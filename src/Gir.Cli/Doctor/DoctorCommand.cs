using System.CommandLine;
using Gir.Cli.Shell;
using Spectre.Console;

namespace Gir.Cli.Doctor;

/// <summary>Tells what this installation can do, and tries it.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<bool> json = CommonOptions.Json("Print JSON instead of a table.");
        var command = new Command("doctor", "Tells what this installation can do: codecs, engine, vector width, models, optional packages and what is missing.") { json };
        command.SetAction(parsed => Run(terminal, Checkup.Run(), parsed.GetValue(json)));
        return command;
    }

    /// <summary>Prints findings; exit code 1 where something that should work does not.</summary>
    internal static int Run(Terminal terminal, IReadOnlyList<Finding> findings, bool json)
    {
        if (json)
            PrintJson(terminal, findings);
        else
            PrintTable(terminal, findings);
        return findings.Any(f => f.State == FindingState.Broken) ? ExitCode.GateNotMet : ExitCode.Fine;
    }

    private static void PrintTable(Terminal terminal, IReadOnlyList<Finding> findings)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("part", "state", "what");
        foreach (Finding finding in findings)
            table.AddRow(Tables.Cells(finding.Part, Word(finding.State), finding.Text));
        terminal.Console.Write(table);
    }

    private static void PrintJson(Terminal terminal, IReadOnlyList<Finding> findings) => JsonText.Write(terminal.Output, writer =>
    {
        writer.WriteStartArray();
        foreach (Finding finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("part", finding.Part);
            writer.WriteString("state", Word(finding.State));
            writer.WriteString("text", finding.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string Word(FindingState state) => state.ToString().ToLowerInvariant();
}
