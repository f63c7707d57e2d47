using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>
/// Lets what a network makes inside be heard, on this thread: every call of a module tells its result as soon as it is there. The result must be read at once,
/// since the network may go on in the same memory.
/// </summary>
internal readonly ref struct ModuleListener
{
    [ThreadStatic]
    private static Action<Module, Tensor>? s_heard;

    private readonly Action<Module, Tensor>? _outer;

    private ModuleListener(Action<Module, Tensor>? outer) => _outer = outer;

    /// <summary>Whether anybody listens on this thread.</summary>
    public static bool IsListening => s_heard is not null;

    /// <summary>Until disposed, on this thread.</summary>
    /// <param name="heard">Is told the module and its result.</param>
    public static ModuleListener Enter(Action<Module, Tensor> heard)
    {
        var scope = new ModuleListener(s_heard);
        s_heard = heard;
        return scope;
    }

    /// <summary>Tells a module's result to whoever listens.</summary>
    /// <returns>The result.</returns>
    public static Tensor Tell(Module module, Tensor result)
    {
        s_heard?.Invoke(module, result);
        return result;
    }

    public void Dispose() => s_heard = _outer;
}
