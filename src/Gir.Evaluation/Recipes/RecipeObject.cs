using System.Text.Json;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>Reads the fields of a JSON object one by one and, at the end, refuses those that nobody asked for.</summary>
internal sealed class RecipeObject
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly string _source;
    private readonly string _path;

    public RecipeObject(JsonElement element, string source, string path)
    {
        (_source, _path) = (source, path);
        if (element.ValueKind != JsonValueKind.Object)
            throw new EvaluationException($"{source}: {(path.Length == 0 ? "not a recipe: " : path.TrimEnd('.') + " = ")}{Shown(element)}: expected an object.");
        foreach (JsonProperty property in element.EnumerateObject())
            _fields.Add(property.Name, property.Value);
    }

    public string? Text(string name) =>
        Find(name) is { } element ? (element.ValueKind == JsonValueKind.String ? element.GetString() : throw Wrong(name, element, "a text")) : null;

    public int? Whole(string name) => Find(name) is { } element
        ? (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) ? value : throw Wrong(name, element, "a whole number"))
        : null;

    public ulong? Seed(string name) => Find(name) is { } element
        ? (element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out ulong value) ? value : throw Wrong(name, element, $"a whole number of 0..{ulong.MaxValue}"))
        : null;

    public double? Number(string name) => Find(name) is { } element
        ? (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw Wrong(name, element, "a number"))
        : null;

    public bool? Flag(string name) => Find(name) is { } element
        ? (element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Wrong(name, element, "true or false"))
        : null;

    /// <summary>An object whose fields are all numbers.</summary>
    public IReadOnlyDictionary<string, double>? Numbers(string name)
    {
        if (Object(name) is not { } nested)
            return null;
        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (string field in nested._fields.Keys)
            numbers.Add(field, nested.Number(field) ?? throw Wrong(name + "." + field, nested._fields[field], "a number"));
        return numbers;
    }

    public T? Word<T>(string name)
        where T : struct, Enum =>
        Text(name) is { } word
            ? RecipeWords<T>.Find(word) ?? throw Wrong(name, _fields[name], "one of " + string.Join(", ", RecipeWords<T>.All))
            : null;

    /// <summary>One text or an array of texts.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        const string Expected = "a text or an array of texts";
        if (Find(name) is not { } element)
            return null;
        if (element.ValueKind == JsonValueKind.String)
            return [element.GetString()!];
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > RecipeRules.MostTasks)
            throw Wrong(name, element, Expected);
        return [.. element.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw Wrong(name, element, Expected))];
    }

    public HyperParameters HyperParameters(string name)
    {
        if (Find(name) is not { } element)
            return Models.Zoo.HyperParameters.None;
        return element.ValueKind == JsonValueKind.Object ? Models.Zoo.HyperParameters.Parse(element.GetRawText()) : throw Wrong(name, element, "an object");
    }

    public RecipeObject? Object(string name) => Find(name) is { } element ? new RecipeObject(element, _source, _path + name + ".") : null;

    public EvaluationException Missing(string name, string expected) => new($"{_source}: {_path}{name} is missing: expected {expected}.");

    /// <summary>To be called when every known field has been asked for.</summary>
    public void Finish()
    {
        if (_fields.Keys.FirstOrDefault(f => !_known.Contains(f)) is { } unknown)
            throw new EvaluationException($"{_source}: there is no field '{_path}{(unknown.Length <= 80 ? unknown : unknown[..80] + "...")}'; expected some of {string.Join(", ", _known)}.");
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out JsonElement element) && element.ValueKind != JsonValueKind.Null ? element : null;
    }

    private EvaluationException Wrong(string name, JsonElement found, string expected) => new($"{_source}: {_path}{name} = {Shown(found)}: expected {expected}.");

    private static string Shown(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "...";
    }
}
