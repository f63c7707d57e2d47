namespace Gir.Cli.Shell;

/// <summary>Fields of comma-separated values (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>The text, in quotes where a comma, a quote or the end of a line is in it.</summary>
    public static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
