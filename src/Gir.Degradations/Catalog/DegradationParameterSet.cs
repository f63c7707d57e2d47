using System.Diagnostics.CodeAnalysis;

namespace Gir.Degradations;

/// <summary>Values by parameter name, in order; immutable.</summary>
public sealed class DegradationParameterSet
{
    private readonly KeyValuePair<string, DegradationValue>[] _values;

    internal DegradationParameterSet(KeyValuePair<string, DegradationValue>[] values) => _values = values;

    /// <summary>No values: every parameter keeps its default.</summary>
    public static DegradationParameterSet Empty { get; } = new([]);

    /// <summary>The values, in the order in which they were given.</summary>
    public IReadOnlyList<KeyValuePair<string, DegradationValue>> Values => _values;

    /// <summary>The value of a parameter.</summary>
    /// <exception cref="KeyNotFoundException">It has none here.</exception>
    public DegradationValue this[string name] =>
        TryGet(name, out DegradationValue value) ? value : throw new KeyNotFoundException($"No value of '{name}'.");

    /// <summary>Looks a parameter up.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out DegradationValue value)
    {
        foreach (KeyValuePair<string, DegradationValue> pair in _values)
        {
            if (pair.Key == name)
            {
                value = pair.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A copy with one value added or replaced.</summary>
    public DegradationParameterSet With(string name, DegradationValue value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var pair = KeyValuePair.Create(name, value);
        int index = System.Array.FindIndex(_values, p => p.Key == name);
        if (index < 0)
            return new DegradationParameterSet([.. _values, pair]);
        var copy = (KeyValuePair<string, DegradationValue>[])_values.Clone();
        copy[index] = pair;
        return new DegradationParameterSet(copy);
    }
}
