using Gir.Cli.Shell;
using Gir.Models.Restoration;
using Gir.Models.Zoo;
using Spectre.Console;

namespace Gir.Cli.Restore;

/// <summary>Everything that --model takes.</summary>
internal static class ModelList
{
    public static int Print(Terminal terminal, bool json)
    {
        (string Name, string Kind, string Text)[] models =
        [
            .. Restorers.All.Where(r => r.IsTrained).Select(r => (r.Name, "trained", $"{r.Description} ({r.License})")),
            .. Architectures.All.Select(a => (a.Name, "architecture", a.Description + " (give a checkpoint)")),
            .. Restorers.All.Where(r => !r.IsTrained).Select(r => (r.Name, "classical", r.Description)),
        ];
        if (json)
            PrintJson(terminal.Output, models);
        else
            PrintTable(terminal.Console, models);
        return ExitCode.Fine;
    }

    private static void PrintTable(IAnsiConsole console, IEnumerable<(string Name, string Kind, string Text)> models)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("name", "what it is");
        foreach ((string name, _, string text) in models)
            table.AddRow(Tables.Cells(name, text));
        console.Write(table);
    }

    private static void PrintJson(TextWriter output, IEnumerable<(string Name, string Kind, string Text)> models) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach ((string name, string kind, string text) in models)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("kind", kind);
            json.WriteString("description", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
