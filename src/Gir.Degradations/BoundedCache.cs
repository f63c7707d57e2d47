using System.Collections.Concurrent;

namespace Gir.Degradations;

/// <summary>Keeps what is dear to compute and often asked for again; forgets everything when full, so that it stays small.</summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity, Func<TKey, TValue> create)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _entries = new();

    public TValue Get(TKey key)
    {
        if (_entries.TryGetValue(key, out TValue? value))
            return value;
        value = create(key);
        if (_entries.Count >= capacity)
            _entries.Clear();
        _entries[key] = value;
        return value;
    }
}
