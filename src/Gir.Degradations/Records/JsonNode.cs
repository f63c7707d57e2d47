using System.Globalization;
using System.Text.Json;

namespace Gir.Degradations;

/// <summary>A JSON value and its path, read strictly: what does not fit raises an error that names the path.</summary>
internal readonly struct JsonNode
{
    private readonly JsonElement _element;

    private JsonNode(JsonElement element, string path)
    {
        _element = element;
        Path = path;
    }

    public string Path { get; }

    public bool IsNull => _element.ValueKind == JsonValueKind.Null;

    /// <summary>Parses a document and hands its root on; everything that goes wrong is a <see cref="DegradationException"/>.</summary>
    public static T Read<T>(string json, Func<JsonNode, T> read)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new DegradationException(string.Create(
                CultureInfo.InvariantCulture,
                $"This is no JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: {Reason(exception)}"), exception);
        }
        catch (ArgumentException exception)
        {
            throw new DegradationException("This is no JSON: the text holds half a surrogate pair.", exception);
        }

        using (document)
            return read(new JsonNode(document.RootElement, "$"));
    }

    /// <summary>Requires an object with these properties and no others, each at most once.</summary>
    public JsonNode Object(params ReadOnlySpan<string> known)
    {
        Require(JsonValueKind.Object, "an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in _element.EnumerateObject())
        {
            string name = NameOf(property);
            if (!known.Contains(name))
                throw Fault($"unknown property '{Suggestion.Shortened(name)}', expected {Suggestion.Among(name, known.ToArray())}.");
            if (!seen.Add(name))
                throw Fault($"property '{name}' stands twice.");
        }

        return this;
    }

    public JsonNode Property(string name) => _element.TryGetProperty(name, out JsonElement value)
        ? new JsonNode(value, $"{Path}.{name}")
        : throw Fault($"property '{name}' is missing.");

    public IEnumerable<(string Name, JsonNode Value)> Properties()
    {
        Require(JsonValueKind.Object, "an object");
        string path = Path;
        return _element.EnumerateObject().Select(p => (p.Name, new JsonNode(p.Value, $"{path}.{p.Name}")));
    }

    public IReadOnlyList<JsonNode> Items(int maximum)
    {
        Require(JsonValueKind.Array, "an array");
        int count = _element.GetArrayLength();
        if (count > maximum)
            throw Fault($"found {count} items, expected at most {maximum}.");
        var items = new JsonNode[count];
        for (int i = 0; i < count; i++)
            items[i] = new JsonNode(_element[i], string.Create(CultureInfo.InvariantCulture, $"{Path}[{i}]"));
        return items;
    }

    public string Text()
    {
        Require(JsonValueKind.String, "a string");
        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw Fault("the string holds half a surrogate pair.", exception);
        }
    }

    public int Integer(int minimum, int maximum)
    {
        string expected = string.Create(CultureInfo.InvariantCulture, $"an integer in {minimum}..{maximum}");
        Require(JsonValueKind.Number, expected);
        return _element.TryGetInt32(out int value) && value >= minimum && value <= maximum ? value : throw Mismatch(expected);
    }

    public double Number()
    {
        Require(JsonValueKind.Number, "a number");
        return _element.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw Mismatch("a finite number");
    }

    /// <summary>64 bits, written as a decimal string because many readers of JSON keep only 53 bits of a number.</summary>
    public ulong UInt64()
    {
        Require(JsonValueKind.String, "a string of decimal digits (64 bits)");
        return ulong.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw Mismatch("a string of decimal digits (64 bits)");
    }

    public TEnum Choice<TEnum>()
        where TEnum : struct, Enum
    {
        string word = Text();
        return ChoiceWords<TEnum>.Words.Contains(word)
            ? ChoiceWords<TEnum>.Parse(word)
            : throw Mismatch(Suggestion.Among(word, ChoiceWords<TEnum>.Words));
    }

    /// <summary>A parameter's value: a number, a string or a truth value.</summary>
    public DegradationValue Value() => _element.ValueKind switch
    {
        JsonValueKind.Number => Number(),
        JsonValueKind.String => Text(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Mismatch("a number, a string, true or false"),
    };

    public DegradationException Mismatch(string expected) =>
        Fault($"found {Suggestion.Shortened(_element.GetRawText())}, expected {expected}.");

    public DegradationException Fault(string message, Exception? inner = null) => new($"{Path}: {message}", inner);

    /// <summary>What the parser says, without the position, which it appends, and the rest of the text, which it may quote.</summary>
    private static string Reason(JsonException exception)
    {
        int end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Suggestion.Shortened(end < 0 ? exception.Message : exception.Message[..end], 128);
    }

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw Fault("the name of a property holds half a surrogate pair.", exception);
        }
    }

    private void Require(JsonValueKind kind, string expected)
    {
        if (_element.ValueKind != kind)
            throw Mismatch(expected);
    }
}
