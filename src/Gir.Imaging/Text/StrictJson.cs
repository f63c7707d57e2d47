using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gir.Imaging.Text;

/// <summary>
/// A value of a JSON text that nobody vouches for, and its path. Every defect of the text, and every value that does not fit, is one exception of
/// <see cref="StrictJsonSource.Exception"/> that tells source, place, finding and expectation.
/// </summary>
/// <remarks>
/// The whole text is checked before anything is read from it: length and depth are bounded, names within an object are distinct, texts are Unicode
/// (no half surrogate pairs), numbers are finite, and nulls stand only where the source allows them.
/// </remarks>
internal readonly struct StrictJson
{
    private readonly StrictJsonSource _source;

    private StrictJson(JsonElement element, string path, StrictJsonSource source)
    {
        Element = element;
        Path = path;
        _source = source;
    }

    /// <summary>"$" is the whole text, "$.steps[3].seed" a part of it.</summary>
    public string Path { get; }

    /// <summary>The value itself, checked; it lives as long as the reading, unless cloned.</summary>
    public JsonElement Element { get; }

    public bool IsNull => Element.ValueKind == JsonValueKind.Null;

    /// <summary>Reads a text.</summary>
    public static T Read<T>(string json, StrictJsonSource source, Func<StrictJson, T> read) =>
        Read(json.Length, source, options => JsonDocument.Parse(json, options), read);

    /// <summary>Reads UTF-8.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> json, StrictJsonSource source, Func<StrictJson, T> read) =>
        Read(json.Length, source, options => JsonDocument.Parse(json, options), read);

    /// <summary>This value, read by the serializer.</summary>
    public T As<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return Element.Deserialize(type) ?? throw Mismatch("an object");
        }
        catch (JsonException exception)
        {
            throw _source.Fault(Path + exception.Path?[1..], $"not {_source.Kind}: {Reason(exception)}", exception);
        }
    }

    /// <summary>Requires an object with these properties and no others.</summary>
    public StrictJson Object(params ReadOnlySpan<string> known)
    {
        Require(JsonValueKind.Object, "an object");
        foreach (JsonProperty property in Element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw Fault(
                    $"unknown property '{Suggestion.Shortened(property.Name)}', expected {Suggestion.Among(property.Name, known.ToArray())}.");
            }
        }

        return this;
    }

    /// <summary>Requires an object, whatever it holds.</summary>
    public StrictJson AnyObject()
    {
        Require(JsonValueKind.Object, "an object");
        return this;
    }

    /// <summary>A property that must be there.</summary>
    public StrictJson Property(string name) => Find(name) ?? throw Fault($"property '{name}' is missing.");

    /// <summary>A property; null where it is missing or is JSON's null.</summary>
    public StrictJson? Optional(string name) => Find(name) is { IsNull: false } value ? value : null;

    public IEnumerable<(string Name, StrictJson Value)> Properties()
    {
        Require(JsonValueKind.Object, "an object");
        (string path, StrictJsonSource source) = (Path, _source);
        return Element.EnumerateObject().Select(p => (p.Name, new StrictJson(p.Value, $"{path}.{Suggestion.Shortened(p.Name)}", source)));
    }

    public IReadOnlyList<StrictJson> Items(int maximum)
    {
        Require(JsonValueKind.Array, "an array");
        int count = Element.GetArrayLength();
        if (count > maximum)
            throw Fault($"found {count} items, expected at most {maximum}.");
        var items = new StrictJson[count];
        int i = 0;
        foreach (JsonElement item in Element.EnumerateArray())
        {
            items[i] = new StrictJson(item, string.Create(CultureInfo.InvariantCulture, $"{Path}[{i}]"), _source);
            i++;
        }

        return items;
    }

    public string Text()
    {
        Require(JsonValueKind.String, "a string");
        return Element.GetString()!;
    }

    public bool Flag() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw Mismatch("true or false");

    public int Integer(int minimum = int.MinValue, int maximum = int.MaxValue)
    {
        string expected = string.Create(CultureInfo.InvariantCulture, $"an integer in {minimum}..{maximum}");
        Require(JsonValueKind.Number, expected);
        return Element.TryGetInt32(out int value) && value >= minimum && value <= maximum ? value : throw Mismatch(expected);
    }

    public double Number()
    {
        Require(JsonValueKind.Number, "a number");
        return Element.GetDouble();
    }

    /// <summary>64 bits as a number.</summary>
    public ulong UInt64()
    {
        const string Expected = "an integer in 0..18446744073709551615";
        Require(JsonValueKind.Number, Expected);
        return Element.TryGetUInt64(out ulong value) ? value : throw Mismatch(Expected);
    }

    /// <summary>64 bits, written as a decimal string because many readers of JSON keep only 53 bits of a number.</summary>
    public ulong UInt64Text()
    {
        const string Expected = "a string of decimal digits (64 bits)";
        Require(JsonValueKind.String, Expected);
        return ulong.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : throw Mismatch(Expected);
    }

    public TEnum Choice<TEnum>()
        where TEnum : struct, Enum
    {
        string word = Text();
        return ChoiceWords<TEnum>.Words.Contains(word)
            ? ChoiceWords<TEnum>.Parse(word)
            : throw Mismatch(Suggestion.Among(word, ChoiceWords<TEnum>.Words));
    }

    public Exception Mismatch(string expected) => Fault($"found {Suggestion.Shortened(Element.GetRawText())}, expected {expected}.");

    public Exception Fault(string message, Exception? inner = null) => _source.Fault(Path, message, inner);

    private static T Read<T>(int length, StrictJsonSource source, Func<JsonDocumentOptions, JsonDocument> parse, Func<StrictJson, T> read)
    {
        if (length > source.LongestText)
            throw source.Fault("$", $"not {source.Kind}: found {length} characters, expected at most {source.LongestText}.");
        using JsonDocument document = Parsed(source, parse);
        if (JsonDefect.FirstIn(document.RootElement, source.AllowsNull) is { } defect)
            throw source.Fault("$" + defect.Path, defect.Path.Length > 0 ? defect.Message : $"not {source.Kind}: {defect.Message}");
        return read(new StrictJson(document.RootElement, "$", source));
    }

    private static JsonDocument Parsed(StrictJsonSource source, Func<JsonDocumentOptions, JsonDocument> parse)
    {
        try
        {
            return parse(new JsonDocumentOptions { MaxDepth = source.Depth });
        }
        catch (JsonException exception)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
            throw source.Fault(place, $"not {source.Kind}, and no JSON: {Reason(exception)}", exception);
        }
        catch (ArgumentException exception)
        {
            throw source.Fault("$", $"not {source.Kind}, and no JSON: the text holds half a surrogate pair.", exception);
        }
    }

    /// <summary>What the parser says, without the position, which it appends, and the rest of the text, which it may quote.</summary>
    private static string Reason(JsonException exception)
    {
        int end = exception.Message.IndexOf(" Path:", StringComparison.Ordinal);
        if (end < 0)
            end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Suggestion.Shortened(end < 0 ? exception.Message : exception.Message[..end], 128);
    }

    private StrictJson? Find(string name)
    {
        Require(JsonValueKind.Object, "an object");
        return Element.TryGetProperty(name, out JsonElement value) ? new StrictJson(value, $"{Path}.{name}", _source) : null;
    }

    private void Require(JsonValueKind kind, string expected)
    {
        if (Element.ValueKind != kind)
            throw Path == "$" ? Fault($"not {_source.Kind}: found {Suggestion.Shortened(Element.GetRawText())}, expected {expected}.") : Mismatch(expected);
    }
}
