using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>The patches of one step as tensors [n, c, size, size], in the network's range.</summary>
/// <param name="Degraded">The network's input.</param>
/// <param name="Clean">What it should make of it.</param>
/// <param name="Keys">Second patches with the same degradations, where <see cref="PatchPairOptions.Contrast"/> asks for them; else null.</param>
/// <param name="Thumbnails">The degraded pictures that the patches are cut from, small, where <see cref="PatchPairOptions.Thumbnail"/> asks for them; else null.</param>
public sealed record PatchTensors(Tensor Degraded, Tensor Clean, Tensor? Keys, Tensor? Thumbnails = null);

/// <summary>What a training minimizes. State it needs beyond the step's number belongs into the network's buffers, which checkpoints hold.</summary>
/// <remarks>Called by one thread at a time.</remarks>
public interface ITrainingObjective
{
    /// <summary>Name and settings in one line; a resumed training compares it.</summary>
    string Description { get; }

    /// <summary>The loss of one step: a scalar from which gradients reach the network's parameters.</summary>
    /// <param name="network">The network, in its training form.</param>
    /// <param name="patches">The step's patches.</param>
    /// <param name="step">The step, from 0.</param>
    Tensor Loss(RestorationNetwork network, PatchTensors patches, long step);

    /// <summary>Steps of a stage before the training proper, at learning rates of its own; the trainer's cosine begins after it. Default 0.</summary>
    long PretrainingIterations => 0;

    /// <summary>The learning rate of a step of that stage.</summary>
    /// <param name="step">The step, 0..<see cref="PretrainingIterations"/>-1.</param>
    double PretrainingRate(long step) => throw new NotSupportedException($"{Description} has no pre-training.");

    /// <summary>Says before the first step what does not fit.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="source">The patches to train it on.</param>
    /// <exception cref="ArgumentException">Network or patches are not what the objective needs.</exception>
    void Check(RestorationNetwork network, PatchPairSource source)
    {
    }
}
