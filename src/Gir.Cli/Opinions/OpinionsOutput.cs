using System.Globalization;
using System.Text.Json;
using Gir.Cli.Shell;
using Gir.Metrics.Analysis;
using Gir.Metrics.Opinions;
using Spectre.Console;

namespace Gir.Cli.Opinions;

/// <summary>Agreement as tables or as JSON.</summary>
internal static class OpinionsOutput
{
    public static void WriteTables(IAnsiConsole console, IReadOnlyList<OpinionReport> reports)
    {
        foreach (OpinionReport report in reports)
        {
            console.Write(Overall(report));
            if (report.Metrics.Any(m => m.Difference is not null))
                console.Write(Differences(report));
        }

        OpinionOptions options = reports[0].Options;
        console.WriteLine("Positive where metric and people agree, whatever their directions. PLCC and RMSE after a four-parameter logistic; pairs: share in the right order");
        console.WriteLine("of those that people set apart by more than their spread.");
        if (options.Resamples > 0)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[..]: {options.Confidence:P0} of {options.Resamples} resamples of the scenes, seed {options.Seed}."));
        foreach (string metric in reports.SelectMany(r => r.Metrics).Where(m => !m.Overall.FitConverged && !double.IsNaN(m.Overall.Plcc.Value)).Select(m => m.Metric).Distinct())
            console.WriteLine($"{metric}: the logistic did not settle; its PLCC and RMSE are those of the last step.");
    }

    public static void WriteJson(TextWriter output, IReadOnlyList<OpinionReport> reports) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (OpinionReport report in reports)
            Write(json, report);
        json.WriteEndArray();
    });

    private static Table Overall(OpinionReport report)
    {
        bool within = report.Metrics.Any(m => m.WithinScenes is not null);
        string[] columns = ["SRCC", "KRCC", "PLCC", "RMSE", "pairs", .. within ? ["SRCC within a scene"] : Array.Empty<string>()];
        Table table = Tables.New(string.Create(CultureInfo.InvariantCulture, $"{report.Set}: {report.Images} images, {report.Scenes} scenes"), "metric", columns);
        foreach (OpinionAgreement m in report.Metrics)
        {
            OverallAgreement o = m.Overall;
            string[] cells = [m.Metric, Text(o.Srcc), Text(o.Krcc), Text(o.Plcc), Text(o.Rmse), Text(o.Accuracy)];
            table.AddRow(Tables.Cells(within ? [.. cells, m.WithinScenes is { } scenes ? Text(scenes.Srcc) : Tables.Nothing] : cells));
        }

        return table;
    }

    private static Table Differences(OpinionReport report)
    {
        OpinionAgreement[] others = [.. report.Metrics.Where(m => m.Difference is not null)];
        Table table = Tables.New($"{report.Set}: difference from {others[0].Difference!.Against}", "metric", ["SRCC", "KRCC", "PLCC", "pairs"]);
        foreach (OpinionAgreement m in others)
        {
            AgreementDifference d = m.Difference!;
            table.AddRow(Tables.Cells(m.Metric, Text(d.Srcc, "+0.000;-0.000;0.000"), Text(d.Krcc, "+0.000;-0.000;0.000"), Text(d.Plcc, "+0.000;-0.000;0.000"), Text(d.Accuracy, "+0.000;-0.000;0.000")));
        }

        return table;
    }

    private static string Text(Estimate estimate, string format = "0.000")
    {
        if (double.IsNaN(estimate.Value))
            return Tables.Nothing;
        string value = estimate.Value.ToString(format, CultureInfo.InvariantCulture);
        return estimate is { Low: { } low, High: { } high }
            ? $"{value} [{low.ToString(format, CultureInfo.InvariantCulture)}, {high.ToString(format, CultureInfo.InvariantCulture)}]"
            : value;
    }

    private static void Write(Utf8JsonWriter json, OpinionReport report)
    {
        json.WriteStartObject();
        json.WriteString("set", report.Set);
        json.WriteNumber("images", report.Images);
        json.WriteNumber("scenes", report.Scenes);
        json.WriteNumber("resampled", report.Resampled);
        json.WriteNumber("resamples", report.Options.Resamples);
        json.WriteNumber("confidence", report.Options.Confidence);
        json.WriteString("seed", report.Options.Seed.ToString(CultureInfo.InvariantCulture));
        json.WriteStartArray("leftOut");
        foreach (string image in report.LeftOut)
            json.WriteStringValue(image);
        json.WriteEndArray();
        json.WriteStartArray("metrics");
        foreach (OpinionAgreement metric in report.Metrics)
            Write(json, metric);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OpinionAgreement metric)
    {
        json.WriteStartObject();
        json.WriteString("metric", metric.Metric);
        OverallAgreement o = metric.Overall;
        Write(json, ("srcc", o.Srcc), ("krcc", o.Krcc), ("plcc", o.Plcc), ("linearPlcc", o.LinearPlcc), ("rmse", o.Rmse), ("pairs", o.Accuracy));
        json.WriteBoolean("fitConverged", o.FitConverged);
        if (metric.WithinScenes is { } scenes)
        {
            json.WriteStartObject("withinScenes");
            json.WriteNumber("scenes", scenes.Scenes);
            Write(json, ("srcc", scenes.Srcc), ("krcc", scenes.Krcc), ("linearPlcc", scenes.LinearPlcc));
            json.WriteEndObject();
        }

        if (metric.Difference is { } d)
        {
            json.WriteStartObject("difference");
            json.WriteString("against", d.Against);
            Write(json, ("srcc", d.Srcc), ("krcc", d.Krcc), ("plcc", d.Plcc), ("pairs", d.Accuracy));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, params ReadOnlySpan<(string Name, Estimate Estimate)> estimates)
    {
        foreach ((string name, Estimate estimate) in estimates)
        {
            json.WriteStartObject(name);
            Write(json, "value", double.IsNaN(estimate.Value) ? null : estimate.Value);
            Write(json, "low", estimate.Low);
            Write(json, "high", estimate.High);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
