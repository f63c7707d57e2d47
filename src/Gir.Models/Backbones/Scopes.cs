using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Backbones;

/// <summary>Module.Call's rule for parts of a forward pass that are no module or take more than one input.</summary>
internal static class Scopes
{
    /// <summary>Runs a part; while gradients are off, everything made inside is handed back except the result.</summary>
    public static Tensor Run(Func<Tensor> part)
    {
        if (Tape.IsRecording)
            return part();
        using TensorScope scope = TensorScope.Enter();
        return scope.Keep(part());
    }

    /// <summary>Runs modules one after another; while gradients are off, each result is handed back as soon as the next one is there.</summary>
    /// <param name="x">The first module's input, which stays.</param>
    /// <param name="modules">The modules.</param>
    /// <param name="call">Calls one of them.</param>
    public static Tensor Chain<T>(Tensor x, IReadOnlyList<T> modules, Func<T, Tensor, Tensor> call)
    {
        if (Tape.IsRecording)
        {
            foreach (T module in modules)
                x = call(module, x);
            return x;
        }

        using TensorScope scope = TensorScope.Enter();
        foreach (T module in modules)
        {
            Tensor next = call(module, x);
            if (!ReferenceEquals(next.Storage, x.Storage) && scope.Forget(x.Storage))
                x.Storage.Release();
            x = next;
        }

        return scope.Keep(x);
    }
}
