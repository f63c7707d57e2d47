using System.Globalization;
using System.Text;
using Gir.Imaging.Text;

namespace Gir.Metrics.Opinions;

/// <summary>Lines of fields between commas, quoted where a field holds one (RFC 4180); the first line may name the columns.</summary>
internal sealed class DelimitedText
{
    private const int LongestFile = 1 << 26;

    private readonly string _path;
    private readonly string[] _columns;
    private readonly List<(int Line, string[] Fields)> _rows = [];

    private DelimitedText(string path, string[] columns) => (_path, _columns) = (path, columns);

    /// <summary>A row's number in the file, from 1.</summary>
    public int Line(int row) => _rows[row].Line;

    public int Rows => _rows.Count;

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>A row's fields, one for each column.</summary>
    public IReadOnlyList<string> Fields(int row) => _rows[row].Fields;

    /// <summary>Reads a file whose first line names the columns.</summary>
    public static DelimitedText WithHeader(string path)
    {
        using IEnumerator<(int Line, string[] Fields)> lines = Parse(path, ReadAll(path)).GetEnumerator();
        if (!lines.MoveNext())
            throw new OpinionException($"{path}: the file is empty; expected a line with the names of the columns.");
        var text = new DelimitedText(path, [.. lines.Current.Fields.Select(f => f.Trim())]);
        text.Take(lines);
        return text;
    }

    /// <summary>Reads a file of lines without names, each of which a function splits.</summary>
    public static DelimitedText WithoutHeader(string path, IReadOnlyList<string> columns, Func<string, string[]> split)
    {
        var text = new DelimitedText(path, [.. columns]);
        string[] lines = ReadAll(path).Split('\n');
        using IEnumerator<(int Line, string[] Fields)> fields = lines
            .Select((line, i) => (i + 1, line.TrimEnd('\r')))
            .Where(l => l.Item2.AsSpan().Trim().Length > 0)
            .Select(l => (l.Item1, split(l.Item2)))
            .GetEnumerator();
        text.Take(fields);
        return text;
    }

    /// <summary>The index of a column, whatever its case.</summary>
    public int Column(string name) => FindColumn(name)
        ?? throw new OpinionException($"{_path}: there is no column '{name}'; expected {Suggestion.Among(name, _columns)}.");

    public int? FindColumn(string name) =>
        Array.FindIndex(_columns, c => c.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index ? index : null;

    public string Text(int row, int column) => _rows[row].Fields[column].Trim() is { Length: > 0 } text
        ? text
        : throw Fault(row, $"column '{_columns[column]}' is empty");

    public double Number(int row, int column, bool mayBeInfinite = false) =>
        double.TryParse(_rows[row].Fields[column].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && (mayBeInfinite || double.IsFinite(value))
            ? value
            : throw Fault(row, $"column '{_columns[column]}' is '{Suggestion.Shortened(_rows[row].Fields[column])}'; expected a {(mayBeInfinite ? "" : "finite ")}number");

    public OpinionException Fault(int row, string message) => new(string.Create(CultureInfo.InvariantCulture, $"{_path}, line {Line(row)}: {message}."));

    private void Take(IEnumerator<(int Line, string[] Fields)> rows)
    {
        while (rows.MoveNext())
        {
            _rows.Add(rows.Current);
            if (rows.Current.Fields.Length != _columns.Length)
                throw Fault(_rows.Count - 1, $"found {rows.Current.Fields.Length} fields, expected {_columns.Length}: {string.Join(", ", _columns)}");
        }

        if (_rows.Count == 0)
            throw new OpinionException($"{_path}: there are no opinions; expected a line for each image.");
    }

    private static string ReadAll(string path)
    {
        using FileStream file = File.OpenRead(path);
        return BoundedText.Read(file, LongestFile) ?? throw new OpinionException($"{path}: expected at most {LongestFile} bytes.");
    }

    // A quoted field may hold commas, quotes (doubled) and ends of lines.
    private static IEnumerable<(int Line, string[] Fields)> Parse(string path, string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        (int line, int first, bool quoted) = (1, 1, false);
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : '\n';
            if (quoted && i < text.Length)
            {
                line += c == '\n' ? 1 : 0;
                if (c != '"')
                    field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[i++]);
                else
                    quoted = false;
            }
            else if (quoted)
            {
                throw new OpinionException($"{path}, line {first}: a quote is never closed.");
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                fields.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c == ',')
                    continue;
                if (fields.Count > 1 || fields[0].Length > 0)
                    yield return (first, [.. fields]);
                fields.Clear();
                first = ++line;
            }
            else
            {
                field.Append(c);
            }
        }
    }
}
