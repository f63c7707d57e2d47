using System.Numerics;

namespace Gir.Models.Serialization.Torch;

/// <summary>A dict or OrderedDict: keys are scalars, order is kept, a later value replaces an earlier one.</summary>
internal sealed class PickleDictionary
{
    private const int LongestKey = 1024;

    private readonly Dictionary<object, int> _indices = new(SeededComparer.Instance);
    private readonly List<KeyValuePair<object, object?>> _items = [];

    public IReadOnlyList<KeyValuePair<object, object?>> Items => _items;

    /// <summary>Whether a key is kept: a name or a number. Hashing the same enormous text a million times would take for ever.</summary>
    public static bool IsKey(object? key) => key is string { Length: <= LongestKey } or long or double or bool or BigInteger;

    public void Set(object key, object? value)
    {
        if (_indices.TryGetValue(key, out int index))
        {
            _items[index] = KeyValuePair.Create(key, value);
            return;
        }

        _indices[key] = _items.Count;
        _items.Add(KeyValuePair.Create(key, value));
    }

    public PickleDictionary Copy()
    {
        var copy = new PickleDictionary();
        foreach ((object key, object? value) in _items)
            copy.Set(key, value);
        return copy;
    }

    public object? Find(string key) => _indices.TryGetValue(key, out int index) ? _items[index].Value : null;
}

/// <summary>Hashes numbers with a seed of the process, as texts are: a file cannot choose keys that collide.</summary>
internal sealed class SeededComparer : IEqualityComparer<object>, IEqualityComparer<uint>
{
    public static SeededComparer Instance { get; } = new();

    bool IEqualityComparer<object>.Equals(object? x, object? y) => Equals(x, y);

    int IEqualityComparer<object>.GetHashCode(object value) => value switch
    {
        long number => HashCode.Combine((int)number, (int)(number >> 32)),
        double number => HashCode.Combine((int)BitConverter.DoubleToInt64Bits(number), (int)(BitConverter.DoubleToInt64Bits(number) >> 32)),
        _ => value.GetHashCode(),
    };

    bool IEqualityComparer<uint>.Equals(uint x, uint y) => x == y;

    int IEqualityComparer<uint>.GetHashCode(uint value) => HashCode.Combine(value);
}
