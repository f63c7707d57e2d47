using System.Globalization;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Training;

/// <summary>The checkpoint a training resumes from: weights, buffers, the optimizer's state, averaged weights, and the <see cref="TrainingState"/>.</summary>
internal static class TrainingCheckpoint
{
    private const string Weights = "weights/";
    private const string Average = "average/";

    public static void Write(
        string path, TrainingState state, TrainingConfiguration configuration, Module module, Optimizer optimizer, ExponentialMovingAverage? average)
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        tensors.AddRange(module.StateDictionary().Select(e => KeyValuePair.Create(Weights + e.Key, e.Value)));
        if (average is not null)
            tensors.AddRange(average.State.Select(e => KeyValuePair.Create(Average + e.Key, e.Value)));
        tensors.AddRange(OptimizerState.Of(optimizer, module.NamedParameters().Select(p => p.Key)));
        SafeTensorsFile.Write(path, tensors, new Dictionary<string, string>
        {
            ["configuration"] = configuration.ToJson(),
            ["step"] = Text(state.Step),
            ["settled_step"] = Text(state.SettledStep),
            ["loss"] = Text(state.Loss),
            ["smoothed_loss"] = Text(state.SmoothedLoss),
            ["learning_rate"] = Text(state.LearningRate),
            ["gradient_norm"] = Text(state.GradientNorm),
            ["validation"] = Text(state.Validation),
            ["best"] = Text(state.Best),
            ["best_step"] = Text(state.BestStep),
        });
    }

    /// <summary>Restores everything; nothing is changed where something does not fit.</summary>
    /// <exception cref="CheckpointFormatException">The file is damaged or no training's checkpoint.</exception>
    /// <exception cref="TrainingConfigurationException">It belongs to another configuration.</exception>
    public static TrainingState Read(
        string path, TrainingConfiguration configuration, Module module, Optimizer optimizer, ExponentialMovingAverage? average)
    {
        var checkpoint = Checkpoint.Load(path);
        var metadata = new TrainingMetadata(path, checkpoint.Metadata, "training");
        IReadOnlyList<string> differences = configuration.DifferencesFrom(Configuration(metadata));
        if (differences.Count > 0)
            throw new TrainingConfigurationException(path, differences);
        var state = new TrainingState
        {
            Step = metadata.Required("step"),
            SettledStep = metadata.Required("settled_step"),
            Loss = metadata.Number("loss") ?? double.NaN,
            SmoothedLoss = metadata.Number("smoothed_loss") ?? double.NaN,
            LearningRate = metadata.Number("learning_rate") ?? 0,
            GradientNorm = metadata.Number("gradient_norm") ?? 0,
            Validation = metadata.Number("validation"),
            Best = metadata.Number("best"),
            BestStep = metadata.Count("best_step"),
        };

        var copies = new List<(CheckpointTensor Source, Tensor Target)>();
        foreach ((string key, Tensor target) in module.StateDictionary())
            copies.Add((Find(path, checkpoint, Weights + key, target), target));
        if (average is not null)
        {
            foreach ((string key, Tensor target) in average.State)
                copies.Add((Find(path, checkpoint, Average + key, target), target));
        }

        IReadOnlyList<(int Index, CheckpointTensor[] State)> kept = OptimizerState.Find(path, checkpoint, optimizer, module.NamedParameters().Select(p => p.Key));
        foreach ((CheckpointTensor source, Tensor target) in copies)
            target.Storage.Write(source.ToArray());
        OptimizerState.Restore(optimizer, kept);
        optimizer.StepCount = state.Step;
        return state;
    }

    /// <summary>A tensor that must be there, of the type and shape of another.</summary>
    internal static CheckpointTensor Find(string path, Checkpoint checkpoint, string name, Tensor like)
    {
        if (!checkpoint.Tensors.TryGetValue(name, out CheckpointTensor? tensor))
            throw new CheckpointFormatException(path, 0, $"the tensor '{name}' is missing.");
        if (tensor.Type != CheckpointDataType.Float32 || tensor.Shape != like.Shape)
            throw new CheckpointFormatException(path, 0, $"the tensor '{name}' is {tensor}; expected Float32 {like.Shape}.");
        return tensor;
    }

    private static TrainingConfiguration Configuration(TrainingMetadata metadata)
    {
        try
        {
            return TrainingConfiguration.Parse(metadata.Text("configuration"));
        }
        catch (FormatException exception)
        {
            throw new CheckpointFormatException(metadata.Path, 0, $"the metadata 'configuration' is no JSON object: {exception.Message}", exception);
        }
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
