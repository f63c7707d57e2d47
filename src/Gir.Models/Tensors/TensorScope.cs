namespace Gir.Models.Tensors;

/// <summary>
/// Bounds memory: when the scope ends, every tensor made in it on this thread hands its memory back at once, except those kept.
/// </summary>
/// <remarks>
/// Modules open one around each call while gradients are off, so intermediate results live no longer than the module that made
/// them; a training step opens one around forward, backward and update. Without any scope, memory returns with the garbage collector.
/// Reading a tensor whose memory was handed back throws <see cref="InvalidOperationException"/>. A scope belongs to its thread; it is a
/// ref struct, so that the compiler rejects one that is open across an await.
/// </remarks>
public readonly ref struct TensorScope
{
    [ThreadStatic]
    private static Region? s_current;

    // Ended regions of this thread, linked by Outer, for reuse.
    [ThreadStatic]
    private static Region? s_spare;

    private readonly Region? _region;
    private readonly long _number;

    private TensorScope(bool isSuspended)
    {
        Region region = s_spare ?? new Region();
        s_spare = ReferenceEquals(region, s_spare) ? region.Outer : s_spare;
        region.Outer = s_current;
        region.IsSuspended = isSuspended;
        s_current = _region = region;
        _number = region.Number;
    }

    /// <summary>Opens a scope on this thread.</summary>
    public static TensorScope Enter() => new(isSuspended: false);

    /// <summary>Opens a region whose tensors belong to no scope: parameters, gradients, optimizer state.</summary>
    public static TensorScope Suspend() => new(isSuspended: true);

    /// <summary>Lets a tensor outlive this scope: it belongs to the enclosing scope afterwards.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (Forget(tensor.Storage) && _region!.Outer is { IsSuspended: false } outer)
            outer.Made.Add(tensor.Storage);
        return tensor;
    }

    /// <summary>Ends the scope; does nothing the second time.</summary>
    /// <exception cref="InvalidOperationException">A scope that was opened later has not ended yet.</exception>
    public void Dispose()
    {
        if (_region is not { } region || region.Number != _number)
            return;
        if (!ReferenceEquals(s_current, region))
            throw new InvalidOperationException("Scopes end in the reverse order of their beginning.");
        s_current = region.Outer;
        foreach (TensorStorage storage in region.Made)
            storage.Release();
        region.Made.Clear();
        region.Number++;
        region.Outer = s_spare;
        s_spare = region;
    }

    /// <summary>Whether memory was made in this scope; it is handed over to the caller.</summary>
    internal bool Forget(TensorStorage storage)
    {
        if (_region is not { } region || region.Number != _number)
            return false;
        // What is kept was usually made last.
        int index = region.Made.LastIndexOf(storage);
        if (index < 0)
            return false;
        region.Made.RemoveAt(index);
        return true;
    }

    internal static void Register(TensorStorage storage)
    {
        if (s_current is { IsSuspended: false } region)
            region.Made.Add(storage);
    }

    private sealed class Region
    {
        public Region? Outer { get; set; }

        public bool IsSuspended { get; set; }

        /// <summary>How often the region has ended: a scope of another number is over.</summary>
        public long Number { get; set; }

        public List<TensorStorage> Made { get; } = [];
    }
}
