using System.Globalization;
using System.Text.Json;
using Gir.Cli.Evaluate;
using Gir.Cli.Shell;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Reports;
using Spectre.Console;

namespace Gir.Cli.Sweep;

/// <summary>A sweep as tables, JSON or CSV.</summary>
internal static class SweepOutput
{
    // A row for each value reads best; more restorers than this are wider than a window, and stand one below the other.
    private const int MostColumns = 8;

    public static Action<SweepTable> Find(string format, Terminal terminal) => format.ToLowerInvariant() switch
    {
        "table" => table => WriteTables(terminal.Console, table),
        "json" => table => WriteJson(terminal.Output, table),
        "csv" => table => WriteCsv(terminal.Output, table),
        _ => throw new UsageException($"--format {format}: expected table, json or csv."),
    };

    private static void WriteTables(IAnsiConsole console, SweepTable table)
    {
        foreach (EvaluatedMetric metric in table.Metrics)
        {
            string title = $"{metric.Name} ({ReportWords.Best(metric)}), {Words.Count(table.Images, "image")}";
            bool isNarrow = table.Curves.Count <= MostColumns;
            Table shown = isNarrow
                ? Tables.New(title, table.Sweep.Target, table.Curves.Select(table.ShortName))
                : Tables.New(title, table.Sweep.Target, table.Sweep.Steps.Select(s => s.Value.ToString()));
            if (isNarrow)
            {
                for (int i = 0; i < table.Sweep.Steps.Count; i++)
                    shown.AddRow(Tables.Cells([table.Sweep.Steps[i].Value.ToString(), .. table.Curves.Select(c => Format(metric, c.Means[i][metric.Name]))]));
            }
            else
            {
                foreach (SweepCurve curve in table.Curves)
                    shown.AddRow(Tables.Cells([table.ShortName(curve), .. curve.Means.Select(m => Format(metric, m[metric.Name]))]));
            }

            console.Write(shown);
        }
    }

    private static string Format(EvaluatedMetric metric, double value) =>
        double.IsNaN(value) ? Tables.Nothing : metric.Name == GeneralityReport.PsnrName ? Tables.Decibels(value) : Tables.Similarity(value);

    private static void WriteJson(TextWriter output, SweepTable table) => JsonText.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("sweep", table.Sweep.Target);
        json.WriteString("unit", table.Sweep.Parameter.Unit);
        json.WriteNumber("images", table.Images);
        json.WriteStartArray("values");
        foreach (SweepStep step in table.Sweep.Steps)
        {
            if (step.Value.IsWord)
                json.WriteStringValue(step.Value.Word);
            else
                json.WriteNumberValue(step.Value.Number);
        }

        json.WriteEndArray();
        json.WriteStartArray("restorers");
        foreach (SweepCurve curve in table.Curves)
        {
            json.WriteStartObject();
            json.WriteString("restorer", curve.Restorer);
            foreach (EvaluatedMetric metric in table.Metrics)
            {
                json.WriteStartArray(metric.Name);
                foreach (IReadOnlyDictionary<string, double> means in curve.Means)
                    Write(json, means[metric.Name]);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteCsv(TextWriter output, SweepTable table)
    {
        output.WriteLine("value,restorer,metric,mean");
        for (int i = 0; i < table.Sweep.Steps.Count; i++)
        {
            foreach (SweepCurve curve in table.Curves)
            {
                foreach (EvaluatedMetric metric in table.Metrics)
                    output.WriteLine($"{table.Sweep.Steps[i].Value},{CsvText.Field(curve.Restorer)},{metric.Name},{curve.Means[i][metric.Name].ToString("R", CultureInfo.InvariantCulture)}");
            }
        }
    }
}
