using Gir.Imaging.Text;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>Reads the fields of a JSON object one by one, null as not said, and, at the end, refuses those that nobody asked for.</summary>
internal sealed class RecipeObject(StrictJson json)
{
    private readonly List<string> _known = [];

    public string? Text(string name) => Find(name)?.Text();

    public bool? Flag(string name) => Find(name)?.Flag();

    public int? Whole(string name) => Find(name)?.Integer();

    public ulong? Seed(string name) => Find(name)?.UInt64();

    public double? Number(string name) => Find(name)?.Number();

    public T? Word<T>(string name)
        where T : struct, Enum => Find(name)?.Choice<T>();

    /// <summary>One text or an array of texts.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Find(name) is not { } found)
            return null;
        return found.Element.ValueKind == System.Text.Json.JsonValueKind.String
            ? [found.Text()]
            : [.. found.Items(RecipeRules.MostTasks).Select(item => item.Text())];
    }

    /// <summary>An object whose fields are all numbers.</summary>
    public IReadOnlyDictionary<string, double>? Numbers(string name) => Find(name) is { } found
        ? new SortedDictionary<string, double>(found.Properties().ToDictionary(p => p.Name, p => p.Value.Number()), StringComparer.Ordinal)
        : null;

    /// <summary>An array of numbers.</summary>
    public IReadOnlyList<double>? NumberList(string name, int most) => Find(name) is { } found ? [.. found.Items(most).Select(item => item.Number())] : null;

    public HyperParameters HyperParameters(string name) =>
        Find(name) is { } found ? Models.Zoo.HyperParameters.Parse(found.AnyObject().Element.GetRawText()) : Models.Zoo.HyperParameters.None;

    public RecipeObject? Object(string name) => Find(name) is { } found ? new RecipeObject(found) : null;

    /// <summary>An array of objects.</summary>
    public IReadOnlyList<RecipeObject>? Objects(string name, int most) => Find(name) is { } found ? [.. found.Items(most).Select(item => new RecipeObject(item))] : null;

    /// <summary>A whole number that must be there.</summary>
    public int RequiredWhole(string name)
    {
        _known.Add(name);
        return json.Property(name).Integer();
    }

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name)
    {
        _known.Add(name);
        return json.Property(name).Text();
    }

    /// <summary>To be called when every known field has been asked for.</summary>
    public void Finish() => json.Object([.. _known]);

    private StrictJson? Find(string name)
    {
        _known.Add(name);
        return json.Optional(name);
    }
}
