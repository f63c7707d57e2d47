using System.Text.Json;
using Gir.Imaging.Text;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>The JSON form of a record: every field once, with how it is read and how it is written, in the order of writing.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="create">Makes one of defaults, which fields that are not there, or null, leave as they are.</param>
/// <remarks>Where a field has a condition, it is written only where that holds; it is read always. Built once, then immutable.</remarks>
internal sealed class RecipeForm<T>(Func<T> create)
{
    private readonly List<Field> _fields = [];

    public RecipeForm<T> Text(string name, Func<T, string?> get, Func<T, string, T> with, Func<T, bool>? when = null, bool required = false) =>
        Add(name, json => json.Text(), (writer, value) => writer.WriteStringValue(value), record => get(record)!, with, when, required);

    public RecipeForm<T> Flag(string name, Func<T, bool> get, Func<T, bool, T> with) =>
        Add(name, json => json.Flag(), (writer, value) => writer.WriteBooleanValue(value), get, with);

    public RecipeForm<T> Whole(string name, Func<T, int?> get, Func<T, int, T> with, Func<T, bool>? when = null, bool required = false) =>
        Add(name, json => json.Integer(), WriteNumber, get, (record, value) => with(record, value!.Value), when, required);

    public RecipeForm<T> Seed(string name, Func<T, ulong> get, Func<T, ulong, T> with) =>
        Add(name, json => json.UInt64(), (writer, value) => writer.WriteNumberValue(value), get, with);

    public RecipeForm<T> Number(string name, Func<T, double?> get, Func<T, double, T> with, Func<T, bool>? when = null) =>
        Add(name, json => json.Number(), WriteNumber, get, (record, value) => with(record, value!.Value), when);

    public RecipeForm<T> Word<TWord>(string name, Func<T, TWord> get, Func<T, TWord, T> with, Func<T, bool>? when = null)
        where TWord : struct, Enum =>
        Add(name, json => json.Choice<TWord>(), (writer, value) => writer.WriteStringValue(ChoiceWords<TWord>.WordOf(value)), get, with, when);

    /// <summary>An array of texts, for which one text may stand.</summary>
    public RecipeForm<T> Texts(string name, Func<T, IReadOnlyList<string>> get, Func<T, IReadOnlyList<string>, T> with, Func<T, bool>? when = null) => Add(
        name,
        json => json.Element.ValueKind == JsonValueKind.String ? [json.Text()] : [.. json.Items(RecipeRules.MostTasks).Select(item => item.Text())],
        (writer, values) => WriteArray(writer, values, (w, value) => w.WriteStringValue(value)),
        get,
        with,
        when);

    /// <summary>An array of numbers.</summary>
    public RecipeForm<T> Numbers(string name, int most, Func<T, IReadOnlyList<double>> get, Func<T, IReadOnlyList<double>, T> with) => Add(
        name,
        json => [.. json.Items(most).Select(item => item.Number())],
        (writer, values) => WriteArray(writer, values, (w, value) => w.WriteNumberValue(value)),
        get,
        with);

    /// <summary>An object whose fields are all numbers.</summary>
    public RecipeForm<T> Numbers(
        string name, Func<T, IReadOnlyDictionary<string, double>> get, Func<T, IReadOnlyDictionary<string, double>, T> with, Func<T, bool>? when = null) => Add(
        name,
        json => new SortedDictionary<string, double>(json.Properties().ToDictionary(p => p.Name, p => p.Value.Number()), StringComparer.Ordinal),
        WriteNumbers,
        get,
        with,
        when);

    public RecipeForm<T> HyperParameters(string name, Func<T, HyperParameters> get, Func<T, HyperParameters, T> with) => Add(
        name, json => Models.Zoo.HyperParameters.Parse(json.AnyObject().Element.GetRawText()), (writer, value) => writer.WriteRawValue(value.ToJson()), get, with);

    /// <summary>A record in the record.</summary>
    public RecipeForm<T> Object<TPart>(string name, RecipeForm<TPart> form, Func<T, TPart> get, Func<T, TPart, T> with, Func<T, bool>? when = null) =>
        Add(name, form.Read, form.Write, get, with, when);

    /// <summary>An array of records.</summary>
    public RecipeForm<T> Objects<TPart>(
        string name, int most, RecipeForm<TPart> form, Func<T, IReadOnlyList<TPart>> get, Func<T, IReadOnlyList<TPart>, T> with, Func<T, bool>? when = null) =>
        Add(name, json => [.. json.Items(most).Select(form.Read)], (writer, values) => WriteArray(writer, values, form.Write), get, with, when);

    /// <summary>Reads a record.</summary>
    /// <exception cref="EvaluationException">A field is unknown or missing, or its value is of another kind.</exception>
    public T Read(StrictJson json)
    {
        T record = create();
        foreach (Field field in _fields)
        {
            if ((field.IsRequired ? json.Property(field.Name) : json.Optional(field.Name)) is { } value)
                record = field.Read(record, value);
        }

        json.Object([.. _fields.Select(f => f.Name)]);
        return record;
    }

    /// <summary>Writes a record as an object.</summary>
    public void Write(Utf8JsonWriter writer, T record)
    {
        writer.WriteStartObject();
        foreach (Field field in _fields.Where(f => f.IsWritten?.Invoke(record) ?? true))
        {
            writer.WritePropertyName(field.Name);
            field.Write(writer, record);
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, int? value) => WriteNumber(writer, (double?)value);

    private static void WriteNumber(Utf8JsonWriter writer, double? value)
    {
        if (value is { } number)
            writer.WriteNumberValue(number);
        else
            writer.WriteNullValue();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, IReadOnlyDictionary<string, double> values)
    {
        writer.WriteStartObject();
        foreach ((string name, double value) in values)
            writer.WriteNumber(name, value);
        writer.WriteEndObject();
    }

    private static void WriteArray<TItem>(Utf8JsonWriter writer, IReadOnlyList<TItem> items, Action<Utf8JsonWriter, TItem> write)
    {
        writer.WriteStartArray();
        foreach (TItem item in items)
            write(writer, item);
        writer.WriteEndArray();
    }

    private RecipeForm<T> Add<TValue>(
        string name, Func<StrictJson, TValue> read, Action<Utf8JsonWriter, TValue> write, Func<T, TValue> get, Func<T, TValue, T> with, Func<T, bool>? when = null, bool required = false)
    {
        _fields.Add(new Field(name, required, (record, json) => with(record, read(json)), (writer, record) => write(writer, get(record)), when));
        return this;
    }

    private sealed record Field(string Name, bool IsRequired, Func<T, StrictJson, T> Read, Action<Utf8JsonWriter, T> Write, Func<T, bool>? IsWritten);
}
