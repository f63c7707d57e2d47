using System.Text.Json;
using Gir.Imaging.Text;

namespace Gir.Models.Zoo;

/// <summary>Constructor arguments of a network by their official names, as they stand in a checkpoint's metadata or come from the user.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class HyperParameters
{
    private static readonly StrictJsonSource s_source = new("Hyper-parameters", "a JSON object", (message, cause) => new ArgumentException(message, "json", cause))
    {
        AllowsNull = true,
        LongestText = 1 << 20,
    };

    private readonly IReadOnlyDictionary<string, JsonElement> _values;

    private HyperParameters(IReadOnlyDictionary<string, JsonElement> values) => _values = values;

    /// <summary>Nothing is known: shapes and published defaults decide.</summary>
    public static HyperParameters None { get; } = new(new Dictionary<string, JsonElement>());

    /// <summary>The names that have a value.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Reads the entry "hyper" (a JSON object) of a checkpoint's metadata; without it, <see cref="None"/>.</summary>
    /// <exception cref="ArgumentException">The entry is not a JSON object.</exception>
    internal static HyperParameters FromMetadata(IReadOnlyDictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue("hyper", out string? json) ? Parse(json) : None;

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="ArgumentException">The text is not a JSON object, names a value twice, or holds text that is not Unicode.</exception>
    public static HyperParameters Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new HyperParameters(StrictJson.Read(
            json, s_source, root => root.Properties().ToDictionary(p => p.Name, p => p.Value.Element.Clone(), StringComparer.Ordinal)));
    }

    /// <summary>The values as a JSON object, names in order: what <see cref="Parse"/> reads, and what belongs into a checkpoint's metadata as "hyper".</summary>
    public string ToJson() =>
        "{" + string.Join(", ", _values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"\"{JsonEncodedText.Encode(v.Key)}\": {v.Value.GetRawText()}")) + "}";

    /// <summary>These values, replaced and extended by others.</summary>
    public HyperParameters With(HyperParameters others)
    {
        ArgumentNullException.ThrowIfNull(others);
        var values = new Dictionary<string, JsonElement>(_values, StringComparer.Ordinal);
        foreach ((string name, JsonElement value) in others._values)
            values[name] = value;
        return new HyperParameters(values);
    }

    /// <summary>A whole number, or null where it is not given.</summary>
    /// <exception cref="ArgumentException">The value is not a whole number.</exception>
    public int? Int(string name) => Read(name, "a whole number", e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int v) ? v : (int?)null);

    /// <summary>A number, or null where it is not given.</summary>
    /// <exception cref="ArgumentException">The value is not a number.</exception>
    public double? Number(string name) =>
        Read(name, "a number", e => e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out double v) ? v : (double?)null);

    /// <summary>True or false, or null where it is not given.</summary>
    /// <exception cref="ArgumentException">The value is neither.</exception>
    public bool? Flag(string name) => Read(name, "true or false", e => e.ValueKind is JsonValueKind.True or JsonValueKind.False ? e.GetBoolean() : (bool?)null);

    /// <summary>A text, or null where it is not given.</summary>
    /// <exception cref="ArgumentException">The value is not a text.</exception>
    public string? Text(string name) => ReadReference(name, "a text", e => e.ValueKind == JsonValueKind.String ? e.GetString() : null);

    /// <summary>Refuses a text other than the one that is supported; none at all is accepted.</summary>
    internal void RequireText(string name, string expected)
    {
        if (Text(name) is { } found && found != expected)
            throw new ArgumentException($"Hyper-parameter '{name}': found '{Suggestion.Shortened(found)}'; expected '{expected}'.", name);
    }

    /// <summary>Whole numbers, or null where they are not given.</summary>
    /// <exception cref="ArgumentException">The value is not an array of whole numbers.</exception>
    public int[]? Ints(string name) => ReadReference(name, "an array of whole numbers", e =>
    {
        if (e.ValueKind != JsonValueKind.Array)
            return null;
        var values = new List<int>();
        foreach (JsonElement item in e.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int value))
                return null;
            values.Add(value);
        }

        return values.ToArray();
    });

    private T? Read<T>(string name, string expected, Func<JsonElement, T?> read)
        where T : struct
    {
        if (!_values.TryGetValue(name, out JsonElement element) || element.ValueKind == JsonValueKind.Null)
            return null;
        return read(element) ?? throw Wrong(name, element, expected);
    }

    private T? ReadReference<T>(string name, string expected, Func<JsonElement, T?> read)
        where T : class
    {
        if (!_values.TryGetValue(name, out JsonElement element) || element.ValueKind == JsonValueKind.Null)
            return null;
        return read(element) ?? throw Wrong(name, element, expected);
    }

    private static ArgumentException Wrong(string name, JsonElement found, string expected) =>
        new($"Hyper-parameter '{name}': found {Suggestion.Shortened(found.GetRawText())}; expected {expected}.", name);
}
