using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Backbones.Swin;

/// <summary>A module whose forward pass takes an attention mask besides its input.</summary>
internal abstract class MaskedModule : Module
{
    /// <summary>Runs the module as <see cref="Module.Call"/> does.</summary>
    public Tensor Call(Tensor x, Tensor? mask)
    {
        if (Tape.IsRecording)
            return Forward(x, mask);
        using TensorScope scope = TensorScope.Enter();
        return scope.Keep(Forward(x, mask));
    }

    protected abstract Tensor Forward(Tensor x, Tensor? mask);

    protected sealed override Tensor Forward(Tensor x) => Forward(x, null);
}
