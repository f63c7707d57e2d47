using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Metrics;
using Spectre.Console;

namespace Gir.Cli.Score;

/// <summary>Everything that --metrics takes under the profile and with the models that were given.</summary>
internal static class MetricList
{
    // Large enough for every metric: a convention is told by a score alone.
    private const int Side = 192;

    public static int Print(ScoreSettings settings, Terminal terminal)
    {
        Row[] rows = [.. Rows(MetricSelection.CatalogOf(settings))];
        if (settings.Format == "json")
            PrintJson(terminal.Output, rows);
        else
            PrintTable(terminal.Console, rows);
        return ExitCode.Fine;
    }

    private static IEnumerable<Row> Rows(MetricCatalog catalog)
    {
        var image = new ImageBuffer(3, Side, Side);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = i % 7 / 7f;
        foreach (IFullReferenceMetric metric in catalog.FullReference)
            yield return Of(metric.Measure(image, image), needsReference: true);
        foreach (INoReferenceMetric metric in catalog.NoReference)
            yield return Of(metric.Measure(image), needsReference: false);
        foreach (string name in LearnedMetrics.Names)
        {
            (string best, string convention) = LearnedMetrics.Describe(name);
            yield return new Row(name, true, best, convention);
        }

        foreach (string name in SetScoreCommand.Names)
            yield return new Row(name, true, "lower", "of whole folders; needs --weights");
        if (!catalog.NoReference.Any(m => m.Name == "brisque"))
            yield return new Row("brisque", false, "lower", "needs --brisque-model and --brisque-range");
    }

    private static Row Of(MetricScore score, bool needsReference) =>
        new(score.Metric, needsReference, score.ZeroIsBest ? "zero" : score.HigherIsBetter ? "higher" : "lower", score.Convention);

    private static void PrintTable(IAnsiConsole console, IEnumerable<Row> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("metric").NoWrap());
        table.AddColumns("reference", "best", "convention");
        foreach (Row row in rows)
            table.AddRow(Tables.Cells(row.Name, row.NeedsReference ? "needed" : "", row.Best, row.Convention));
        console.Write(table);
    }

    private static void PrintJson(TextWriter output, IEnumerable<Row> rows) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (Row row in rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteBoolean("needsReference", row.NeedsReference);
            json.WriteString("best", row.Best);
            json.WriteString("convention", row.Convention);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private sealed record Row(string Name, bool NeedsReference, string Best, string Convention);
}
