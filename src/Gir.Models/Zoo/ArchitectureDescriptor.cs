using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>Recognizes checkpoints of one architecture by keys and shapes, and builds the network they belong to.</summary>
/// <remarks>
/// Keys arrive unwrapped: no "params_ema" around them, no "module." before them. Shapes say most hyper-parameters; what they cannot say comes
/// from <see cref="HyperParameters"/> (the checkpoint's metadata, or the user), and else is the published default.
/// </remarks>
internal abstract class ArchitectureDescriptor
{
    /// <summary>The architecture's name, unique in <see cref="Architectures.All"/>, e.g. "SRResNet".</summary>
    public abstract string Name { get; }

    /// <summary>One line for a list: what it is, who published it.</summary>
    public abstract string Description { get; }

    /// <summary>Whether a checkpoint with these tensors is of this architecture. Must be false for all others in the registry.</summary>
    /// <param name="keys">Shapes by full key.</param>
    public abstract bool Matches(IReadOnlyDictionary<string, TensorShape> keys);

    /// <summary>Builds the network that a checkpoint's tensors fit, with fresh weights.</summary>
    /// <param name="keys">Shapes by full key, for which <see cref="Matches"/> holds.</param>
    /// <param name="hyper">Values for what shapes cannot say, by the official constructor's argument names.</param>
    /// <exception cref="ArgumentException">The tensors contradict one another; the message says which.</exception>
    public abstract RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper);

    /// <summary>Builds a network with fresh weights from hyper-parameters alone; what is not given is the published configuration's.</summary>
    /// <param name="hyper">Values by the official constructor's argument names.</param>
    /// <exception cref="ArgumentException">A value is of the wrong kind or out of range.</exception>
    public abstract RestorationNetwork Create(HyperParameters hyper);
}
