namespace Gir.Models.Tensors;

/// <summary>
/// Bounds the threads that operators called from this thread use, below what their engine was made with; results do not depend on it.
/// </summary>
/// <remarks>A limit belongs to its thread; it is a ref struct, so that the compiler rejects one that is open across an await.</remarks>
internal readonly ref struct ThreadLimit
{
    // 0 where there is none.
    [ThreadStatic]
    private static int s_current;

    private readonly int _outer;

    private ThreadLimit(int limit)
    {
        _outer = s_current;
        s_current = limit;
    }

    /// <summary>The limit on this thread: the number of threads of one operator, the caller included; <see cref="int.MaxValue"/> where there is none.</summary>
    public static int Current => s_current == 0 ? int.MaxValue : s_current;

    /// <summary>Begins a region; within another one, the smaller limit holds.</summary>
    /// <param name="threads">Largest number of threads, at least 1; null sets no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static ThreadLimit Enter(int? threads)
    {
        if (threads is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(threads));
        int limit = Math.Min(threads ?? int.MaxValue, Current);
        return new ThreadLimit(limit == int.MaxValue ? 0 : limit);
    }

    /// <summary>Ends the region.</summary>
    public void Dispose() => s_current = _outer;
}
