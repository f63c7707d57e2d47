using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>The patches of one step as tensors [n, c, size, size], in the network's range.</summary>
/// <param name="Degraded">The network's input.</param>
/// <param name="Clean">What it should make of it.</param>
/// <param name="Keys">Second patches with the same degradations, where <see cref="PatchPairOptions.Contrast"/> asks for them; else null.</param>
public sealed record PatchTensors(Tensor Degraded, Tensor Clean, Tensor? Keys);

/// <summary>What a training minimises. State it needs beyond the step's number belongs into the network's buffers, which checkpoints hold.</summary>
public interface ITrainingObjective
{
    /// <summary>Name and settings in one line; a resumed training compares it.</summary>
    string Description { get; }

    /// <summary>The loss of one step: a scalar from which gradients reach the network's parameters.</summary>
    /// <param name="network">The network, in its training form.</param>
    /// <param name="patches">The step's patches.</param>
    /// <param name="step">The step, from 0.</param>
    Tensor Loss(RestorationNetwork network, PatchTensors patches, long step);

    /// <summary>The learning rate of one step where the objective wants its own; null leaves it to the trainer's options.</summary>
    /// <param name="step">The step, from 0.</param>
    double? LearningRate(long step) => null;
}
