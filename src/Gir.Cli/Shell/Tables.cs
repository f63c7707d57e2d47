using System.Globalization;
using Gir.Metrics.Analysis;
using Spectre.Console;

namespace Gir.Cli.Shell;

/// <summary>How tables look; names come from users and are never read as markup.</summary>
internal static class Tables
{
    /// <summary>Stands where there is no value.</summary>
    public const string Nothing = "-";

    public static Table New(string title, string first, IEnumerable<string> others)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Simple };
        table.AddColumn(new TableColumn(Markup.Escape(first)).NoWrap());
        foreach (string column in others)
            table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned().NoWrap());
        return table;
    }

    public static Text[] Cells(params string[] texts) => [.. texts.Select(t => new Text(t))];

    public static string Decibels(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Similarity(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    public static string Rate(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? Nothing;

    public static string Rate(Estimate estimate) =>
        estimate is { Low: { } low, High: { } high } ? $"{Rate(estimate.Value)} [{Rate(low)}, {Rate(high)}]" : Rate(estimate.Value);

    public static string Signed(double? value) => value?.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) ?? Nothing;
}
