using System.Collections.Concurrent;

namespace Gir.Imaging;

/// <summary>Keeps what is dear to compute and often asked for again; forgets the oldest when full, so that it stays small and what is in use together stays together.</summary>
/// <remarks>Safe for concurrent use; everyone who asks for a key gets the same value as long as it is kept.</remarks>
internal sealed class BoundedCache<TKey, TValue>(int capacity, Func<TKey, TValue> create)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _entries = new();
    private readonly Queue<TKey> _order = new();

    public TValue Get(TKey key)
    {
        if (_entries.TryGetValue(key, out TValue? value))
            return value;
        TValue created = create(key);
        lock (_order)
        {
            // Another thread may have been faster.
            if (_entries.TryGetValue(key, out value))
                return value;
            if (_order.Count >= capacity)
                _entries.TryRemove(_order.Dequeue(), out _);
            _order.Enqueue(key);
            _entries[key] = created;
            return created;
        }
    }
}
