using System.Globalization;
using System.Text;
using Gir.Cli.Shell;
using Gir.Metrics;
using Spectre.Console;

namespace Gir.Cli.Score;

/// <summary>Prints scores; with more than one image their averages come last.</summary>
internal static class ScoreOutput
{
    public static Action<ScoreTable> Find(string format, Terminal terminal) => format.ToLowerInvariant() switch
    {
        "table" => all => PrintTable(all, terminal.Console),
        "json" => all => PrintJson(all, terminal.Output),
        "csv" => all => PrintCsv(all, terminal.Output),
        _ => throw new UsageException($"--format {format}: expected table, json or csv."),
    };

    private static void PrintTable(ScoreTable all, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("image");
        foreach (MetricScore metric in all.Metrics)
            table.AddColumn(new TableColumn($"{metric.Metric} {(metric.ZeroIsBest ? "→0" : metric.HigherIsBetter ? "↑" : "↓")}").RightAligned());
        foreach (ImageScores image in all.Images)
            table.AddRow(Row(image, all.Metrics));
        if (all.Averages is { } averages)
        {
            table.AddEmptyRow();
            table.AddRow(Row(averages, all.Metrics));
        }

        console.Write(table);
        foreach (MetricScore metric in all.Metrics)
            console.WriteLine($"{metric.Metric}: {metric.Convention}");
    }

    private static Text[] Row(ImageScores image, IReadOnlyList<MetricScore> metrics) => Tables.Cells(
        [image.Image, .. metrics.Select(m => image.Scores.TryGetValue(m.Metric, out MetricScore score) ? score.Value.ToString("F4", CultureInfo.InvariantCulture) : Tables.Nothing)]);

    private static void PrintJson(ScoreTable all, TextWriter output) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach ((string image, MetricScore score) in Rows(all))
        {
            json.WriteStartObject();
            json.WriteString("image", image);
            json.WriteString("metric", score.Metric);
            // JSON has no infinity: identical images have one in PSNR.
            if (double.IsFinite(score.Value))
                json.WriteNumber("value", score.Value);
            else
                json.WriteString("value", score.Value.ToString(CultureInfo.InvariantCulture));
            json.WriteString("convention", score.Convention);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void PrintCsv(ScoreTable all, TextWriter output)
    {
        var text = new StringBuilder("image,metric,value,convention\n");
        foreach ((string image, MetricScore score) in Rows(all))
            text.Append(CultureInfo.InvariantCulture, $"{CsvText.Field(image)},{score.Metric},{score.Value:R},{CsvText.Field(score.Convention)}\n");
        output.Write(text);
    }

    private static IEnumerable<(string Image, MetricScore Score)> Rows(ScoreTable all) =>
        from image in all.Averages is { } averages ? all.Images.Append(averages) : all.Images
        from metric in all.Metrics
        where image.Scores.ContainsKey(metric.Metric)
        select (image.Image, image.Scores[metric.Metric]);
}
