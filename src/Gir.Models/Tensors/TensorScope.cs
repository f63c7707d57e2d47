namespace Gir.Models.Tensors;

/// <summary>
/// Bounds memory: when the scope ends, every tensor made in it on this thread hands its memory back at once, except those kept.
/// </summary>
/// <remarks>
/// Modules open one around each call while gradients are off, so intermediate results live no longer than the module that made
/// them; a training step opens one around forward, backward and update. Without any scope, memory returns with the garbage collector.
/// Reading a tensor whose memory was handed back throws <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? s_current;

    private readonly TensorScope? _outer;
    private readonly List<TensorStorage> _made = [];
    private readonly bool _isSuspended;

    private TensorScope(TensorScope? outer, bool isSuspended)
    {
        _outer = outer;
        _isSuspended = isSuspended;
    }

    /// <summary>Opens a scope on this thread; dispose it on the same thread.</summary>
    public static TensorScope Enter() => s_current = new TensorScope(s_current, isSuspended: false);

    /// <summary>Opens a region whose tensors belong to no scope: parameters, gradients, optimiser state.</summary>
    public static TensorScope Suspend() => s_current = new TensorScope(s_current, isSuspended: true);

    /// <summary>Lets a tensor outlive this scope: it belongs to the enclosing scope afterwards.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (_made.Remove(tensor.Storage) && _outer is { _isSuspended: false })
            _outer._made.Add(tensor.Storage);
        return tensor;
    }

    /// <summary>Ends the scope.</summary>
    public void Dispose()
    {
        if (!ReferenceEquals(s_current, this))
            throw new InvalidOperationException("Scopes end in the reverse order of their beginning, on the thread that opened them.");
        s_current = _outer;
        foreach (TensorStorage storage in _made)
            storage.Release();
        _made.Clear();
    }

    internal static void Register(TensorStorage storage)
    {
        if (s_current is { _isSuspended: false } scope)
            scope._made.Add(storage);
    }
}
