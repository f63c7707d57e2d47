using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Swin;

/// <summary>A module whose forward pass takes an attention mask besides its input.</summary>
internal abstract class MaskedModule : Module
{
    /// <summary>Runs the module as <see cref="Module.Call"/> does.</summary>
    public Tensor Call(Tensor x, Tensor? mask) =>
        ModuleListener.Tell(this, Scopes.Run((Module: this, x, mask), static s => s.Module.Forward(s.x, s.mask)));

    /// <inheritdoc/>
    internal override bool MakesTokens => true;

    protected abstract Tensor Forward(Tensor x, Tensor? mask);

    protected sealed override Tensor Forward(Tensor x) => Forward(x, null);
}
