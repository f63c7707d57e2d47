using System.Globalization;
using System.Text.Json;
using Gir.Cli.Shell;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Published;
using Spectre.Console;

namespace Gir.Cli.Evaluate;

/// <summary>The GIR paper's models, from the embedded tables.</summary>
internal static class PublishedTable
{
    public static void PrintJson(TextWriter output, LineComparison comparison) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (PublishedModel model in PublishedResults.Models)
        {
            var gap = model.Gap(comparison);
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            json.WriteNumber("psnr", model.AveragePsnr);
            Write(json, "ar", model.AcceptanceRate(comparison));
            Write(json, "er", model.ExcellenceRate(comparison));
            json.WriteStartArray("arByOrder");
            foreach (var order in model.ByOrder(comparison))
                json.WriteNumberValue(order.AcceptanceRate!.Value);
            json.WriteEndArray();
            Write(json, "arGap", gap.AcceptanceRate);
            Write(json, "psnrGap", gap.Psnr);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    public static void Print(IAnsiConsole console, LineComparison comparison)
    {
        Table table = Tables.New("Published results on 100 tasks (GIR paper, Tables 7 to 11)", "model", ["PSNR", "AR", "ER", "AR k=1", "k=2", "k=3", "k=4", "k=5", "AR gap", "PSNR gap"]);
        table.AddRow(Tables.Cells("acceptance line", Tables.Decibels(PublishedResults.AverageAcceptance)));
        table.AddRow(Tables.Cells("excellence line", Tables.Decibels(PublishedResults.AverageExcellence)));
        foreach (PublishedModel model in PublishedResults.Models)
        {
            var gap = model.Gap(comparison);
            table.AddRow(Tables.Cells(
            [
                model.Name,
                Tables.Decibels(model.AveragePsnr),
                Tables.Rate(model.AcceptanceRate(comparison)),
                Tables.Rate(model.ExcellenceRate(comparison)),
                .. model.ByOrder(comparison).Select(o => Tables.Rate(o.AcceptanceRate)),
                Tables.Signed(gap.AcceptanceRate),
                Tables.Signed(gap.Psnr),
            ]));
        }

        console.Write(table);
        console.WriteLine("gap: 50 representative tasks minus 50 random ones.");
        foreach (PublishedModel model in PublishedResults.Models.Where(m => m.Note is not null))
            console.WriteLine($"{model.Name}: {model.Note}");
        Table diffusion = Tables.New("Published diffusion indices (Table 5)", "model", ["first", "second", "third column"]);
        foreach (PublishedDiffusion row in PublishedResults.DiffusionIndices)
            diffusion.AddRow(Tables.Cells([row.Model, .. row.Indices.Select(i => i.ToString("0.0", CultureInfo.InvariantCulture))]));
        console.Write(diffusion);
    }
}
