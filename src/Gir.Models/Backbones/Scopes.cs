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
}
