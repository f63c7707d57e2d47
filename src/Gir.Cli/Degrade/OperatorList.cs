using System.Globalization;
using System.Text.Json;
using Gir.Cli.Shell;
using Gir.Degradations;
using Spectre.Console;

namespace Gir.Cli.Degrade;

/// <summary>The operators of pipelines with their parameters.</summary>
internal static class OperatorList
{
    public static void PrintTable(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("operator").NoWrap());
        table.AddColumn(new TableColumn("parameter").NoWrap());
        table.AddColumn(new TableColumn("default").NoWrap());
        table.AddColumns("expected", "what it does");
        foreach (DegradationDescriptor descriptor in DegradationCatalog.All)
        {
            string remarks = (descriptor.IsWeather ? " Only first in a pipeline." : "") + (descriptor.UsesDepth ? " Reads depth." : "");
            table.AddRow(Tables.Cells(descriptor.Name, "", "", "", descriptor.Summary + remarks));
            foreach (DegradationParameter parameter in descriptor.Parameters)
                table.AddRow(Tables.Cells("", parameter.Name, Text(parameter.Default), parameter.Expected, parameter.Summary));
        }

        console.Write(table);
        console.WriteLine("A pipeline: operator(parameter=value,..) + operator + .., first applied first; what is not said has its default.");
    }

    public static void PrintJson(TextWriter output) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (DegradationDescriptor descriptor in DegradationCatalog.All)
        {
            json.WriteStartObject();
            json.WriteString("name", descriptor.Name);
            json.WriteString("summary", descriptor.Summary);
            json.WriteBoolean("onlyFirst", descriptor.IsWeather);
            json.WriteBoolean("usesDepth", descriptor.UsesDepth);
            json.WriteStartArray("parameters");
            foreach (DegradationParameter parameter in descriptor.Parameters)
                Write(json, parameter);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, DegradationParameter parameter)
    {
        json.WriteStartObject();
        json.WriteString("name", parameter.Name);
        json.WriteString("default", Text(parameter.Default));
        json.WriteString("expected", parameter.Expected);
        json.WriteString("kind", parameter.Kind.ToString().ToLowerInvariant());
        if (parameter.Choices.Count > 0)
        {
            json.WriteStartArray("choices");
            foreach (string choice in parameter.Choices)
                json.WriteStringValue(choice);
            json.WriteEndArray();
        }
        else
        {
            json.WriteNumber("minimum", parameter.Minimum);
            json.WriteNumber("maximum", parameter.Maximum);
            json.WriteBoolean("odd", parameter.IsOdd);
        }

        json.WriteString("unit", parameter.Unit);
        json.WriteString("summary", parameter.Summary);
        json.WriteEndObject();
    }

    private static string Text(DegradationValue value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
