namespace Gir.Models.Nn;

/// <summary>
/// Lets the forward passes of this thread stop between modules: <see cref="Module.Call"/> asks while gradients are off. Forward passes take tensors alone,
/// as in the papers, so the token goes beside them.
/// </summary>
internal readonly ref struct ForwardCancellation
{
    [ThreadStatic]
    private static CancellationToken s_token;

    private readonly CancellationToken _outer;

    private ForwardCancellation(CancellationToken outer) => _outer = outer;

    /// <summary>Until disposed, on this thread.</summary>
    public static ForwardCancellation Enter(CancellationToken token)
    {
        var scope = new ForwardCancellation(s_token);
        s_token = token;
        return scope;
    }

    /// <summary>The token in force on this thread.</summary>
    public static CancellationToken Current => s_token;

    /// <exception cref="OperationCanceledException">The token in force says so.</exception>
    public static void ThrowIfRequested() => s_token.ThrowIfCancellationRequested();

    public void Dispose() => s_token = _outer;
}
