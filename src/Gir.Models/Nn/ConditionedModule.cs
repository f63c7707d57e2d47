using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>A module whose forward pass takes more than one tensor: what it computes on, and what that depends on beside it.</summary>
/// <typeparam name="TCondition">What beside the tensor; a tensor, or a structure of some.</typeparam>
internal abstract class ConditionedModule<TCondition> : Module
{
    /// <summary>Runs the module; while gradients are off, everything made inside is handed back except the result.</summary>
    public Tensor Call(Tensor x, TCondition condition)
    {
        ArgumentNullException.ThrowIfNull(x);
        return ModuleListener.Tell(this, Scopes.Run((Module: this, x, condition), static s => s.Module.Forward(s.x, s.condition)));
    }

    /// <summary>The forward pass; call it through <see cref="Call(Tensor, TCondition)"/>.</summary>
    protected abstract Tensor Forward(Tensor x, TCondition condition);

    /// <summary>Not supported: the condition is missing.</summary>
    protected sealed override Tensor Forward(Tensor x) => throw new NotSupportedException($"{GetType().Name} takes more than one tensor.");
}
