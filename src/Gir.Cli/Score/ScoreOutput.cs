using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gir.Cli.Shell;
using Gir.Metrics;
using Spectre.Console;

namespace Gir.Cli.Score;

/// <summary>Prints scores; with more than one image their averages come last.</summary>
internal static class ScoreOutput
{
    public static Action<IReadOnlyList<ImageScores>> Find(string format, Terminal terminal) => format.ToLowerInvariant() switch
    {
        "table" => all => PrintTable(all, terminal.Console),
        "json" => all => PrintJson(all, terminal.Output),
        "csv" => all => PrintCsv(all, terminal.Output),
        _ => throw new UsageException($"--format {format}: expected table, json or csv."),
    };

    private static IEnumerable<ImageScores> WithAverage(IReadOnlyList<ImageScores> all) =>
        all.Count > 1 ? all.Append(ImageScores.Average(all)) : all;

    private static void PrintTable(IReadOnlyList<ImageScores> all, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("image");
        foreach (MetricScore score in all[0].Scores)
            table.AddColumn(new TableColumn($"{score.Metric} {(score.HigherIsBetter ? "↑" : "↓")}").RightAligned());
        foreach (ImageScores image in all)
            table.AddRow([Markup.Escape(image.Image), .. image.Scores.Select(s => s.Value.ToString("F4", CultureInfo.InvariantCulture))]);
        if (all.Count > 1)
        {
            table.AddEmptyRow();
            ImageScores average = ImageScores.Average(all);
            table.AddRow([average.Image, .. average.Scores.Select(s => s.Value.ToString("F4", CultureInfo.InvariantCulture))]);
        }

        console.Write(table);
        foreach (MetricScore score in all[0].Scores)
            console.WriteLine($"{score.Metric}: {score.Convention}");
    }

    private static void PrintJson(IReadOnlyList<ImageScores> all, TextWriter output)
    {
        using var memory = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(memory, options))
        {
            json.WriteStartArray();
            foreach (ImageScores image in WithAverage(all))
            {
                foreach (MetricScore score in image.Scores)
                {
                    json.WriteStartObject();
                    json.WriteString("image", image.Image);
                    json.WriteString("metric", score.Metric);
                    // JSON has no infinity: identical images have one in PSNR.
                    if (double.IsFinite(score.Value))
                        json.WriteNumber("value", score.Value);
                    else
                        json.WriteString("value", score.Value.ToString(CultureInfo.InvariantCulture));
                    json.WriteString("convention", score.Convention);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(memory.ToArray()));
    }

    private static void PrintCsv(IReadOnlyList<ImageScores> all, TextWriter output)
    {
        var text = new StringBuilder("image,metric,value,convention\n");
        foreach (ImageScores image in WithAverage(all))
        {
            foreach (MetricScore score in image.Scores)
                text.Append(CultureInfo.InvariantCulture, $"{Quote(image.Image)},{score.Metric},{score.Value:R},{Quote(score.Convention)}\n");
        }

        output.Write(text);
    }

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny(",\"\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
