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

    private readonly Region? _region;

    private TensorScope(bool isSuspended) => s_current = _region = new Region(s_current, isSuspended);

    /// <summary>Opens a scope on this thread.</summary>
    public static TensorScope Enter() => new(isSuspended: false);

    /// <summary>Opens a region whose tensors belong to no scope: parameters, gradients, optimiser state.</summary>
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
        if (_region is not { IsOpen: true } region)
            return;
        if (!ReferenceEquals(s_current, region))
            throw new InvalidOperationException("Scopes end in the reverse order of their beginning.");
        region.IsOpen = false;
        s_current = region.Outer;
        foreach (TensorStorage storage in region.Made)
            storage.Release();
        region.Made.Clear();
    }

    /// <summary>Whether memory was made in this scope; it is handed over to the caller.</summary>
    internal bool Forget(TensorStorage storage)
    {
        // What is kept was usually made last.
        int index = _region?.Made.LastIndexOf(storage) ?? -1;
        if (index < 0)
            return false;
        _region!.Made.RemoveAt(index);
        return true;
    }

    internal static void Register(TensorStorage storage)
    {
        if (s_current is { IsSuspended: false } region)
            region.Made.Add(storage);
    }

    private sealed class Region(Region? outer, bool isSuspended)
    {
        public Region? Outer { get; } = outer;

        public bool IsSuspended { get; } = isSuspended;

        public bool IsOpen { get; set; } = true;

        public List<TensorStorage> Made { get; } = [];
    }
}
