using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Training;

/// <summary>What an optimizer keeps of the steps it took, in checkpoints: one tensor for each of its names and each parameter, "adam.first/body.0.weight".</summary>
internal static class OptimizerState
{
    /// <summary>The tensors to write; parameters that have not been moved yet have none.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="keys">Names of its parameters, in their order.</param>
    public static IEnumerable<KeyValuePair<string, Tensor>> Of(Optimizer optimizer, IEnumerable<string> keys) =>
        keys.SelectMany((key, index) => optimizer.StateOf(index) is { } state
            ? optimizer.StateNames(index).Zip(state, (name, value) => KeyValuePair.Create($"{name}/{key}", value))
            : []);

    /// <summary>What a checkpoint holds of it; nothing is changed yet.</summary>
    /// <exception cref="CheckpointFormatException">A tensor is missing or has another shape.</exception>
    public static IReadOnlyList<(int Index, CheckpointTensor[] State)> Find(string path, Checkpoint checkpoint, Optimizer optimizer, IEnumerable<string> keys)
    {
        var found = new List<(int Index, CheckpointTensor[] State)>();
        foreach ((int index, string key) in keys.Index())
        {
            IReadOnlyList<string> names = optimizer.StateNames(index);
            if (checkpoint.Tensors.ContainsKey($"{names[0]}/{key}"))
                found.Add((index, [.. names.Select(name => TrainingCheckpoint.Find(path, checkpoint, $"{name}/{key}", optimizer.Parameters[index]))]));
        }

        return found;
    }

    /// <summary>Hands it back to the optimizer.</summary>
    public static void Restore(Optimizer optimizer, IReadOnlyList<(int Index, CheckpointTensor[] State)> found)
    {
        foreach ((int index, CheckpointTensor[] state) in found)
        {
            using TensorScope scope = TensorScope.Enter();
            TensorBackend backend = optimizer.Parameters[index].Backend;
            optimizer.SetState(index, [.. state.Select(tensor => tensor.ToTensor(backend))]);
        }
    }
}
