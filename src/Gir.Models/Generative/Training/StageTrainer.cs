using System.Globalization;
using Gir.Imaging.Files;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>Runs a stage to its end: a process that is killed at any time goes on from its last checkpoint and comes to the same bits.</summary>
internal sealed class StageTrainer(GenerativeStage stage, string folder, long iterations, long saveEvery, long logEvery)
{
    private string LastPath => Path.Combine(folder, "last.safetensors");

    /// <summary>The weights of a finished stage.</summary>
    public static string WeightsPath(string folder) => Path.Combine(folder, "weights.safetensors");

    /// <summary>Trains.</summary>
    /// <param name="told">Is told a step's number and its numbers after every row of the log; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <returns>Whether the stage is done.</returns>
    /// <exception cref="TrainingConfigurationException">The folder holds another training.</exception>
    /// <exception cref="TrainingDivergedException">A loss is no number any more.</exception>
    /// <exception cref="CheckpointFormatException">The folder's checkpoint is damaged.</exception>
    public bool Run(Action<long, IReadOnlyList<double>>? told, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        // Whoever is killed loses the lock with it.
        using var locked = new FileStream(Path.Combine(folder, "training.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        AtomicFile.RemoveLeftoversOf(LastPath);
        AtomicFile.RemoveLeftoversOf(WeightsPath(folder));
        long step = File.Exists(LastPath) ? Read() : 0;
        using var log = new TrainingLog(Path.Combine(folder, "log.csv"), "step," + string.Join(',', stage.Columns) + "\n");
        log.TruncateTo(step);
        UseBatchStatistics(true);
        try
        {
            while (step < iterations && !cancellationToken.IsCancellationRequested)
            {
                double[] numbers = Step(step++);
                if (step % logEvery == 0 || step == iterations)
                {
                    log.Append(step, numbers);
                    told?.Invoke(step, numbers);
                }

                if (step % saveEvery == 0 && step < iterations)
                    Save(step, log);
            }
        }
        finally
        {
            UseBatchStatistics(false);
        }

        Save(step, log);
        if (step < iterations)
            return false;
        stage.Publish(WeightsPath(folder));
        return true;
    }

    private double[] Step(long step)
    {
        using TensorScope scope = TensorScope.Enter();
        double[] numbers = stage.Step(step);
        if (Array.FindIndex(numbers, double.IsInfinity) is >= 0 and var column)
            throw new TrainingDivergedException(step, stage.Columns[column], numbers[column]);
        foreach (StagePart part in stage.Parts)
        {
            double size = part.Module.Parameters().First().Backend.SumOfSquares([.. part.Module.Parameters()]);
            if (!double.IsFinite(size))
                throw new TrainingDivergedException(step, $"sum of the squared weights of {part.Name}", size);
        }

        return numbers;
    }

    private void UseBatchStatistics(bool value)
    {
        foreach (StagePart part in stage.Parts)
            part.Module.UseBatchStatistics(value);
    }

    private void Save(long step, TrainingLog log)
    {
        log.Flush();
        var tensors = new List<KeyValuePair<string, Tensor>>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["stage"] = stage.Description, ["step"] = step.ToString(CultureInfo.InvariantCulture) };
        foreach (StagePart part in stage.Parts)
        {
            metadata["updates/" + part.Name] = part.Optimizer.StepCount.ToString(CultureInfo.InvariantCulture);
            tensors.AddRange(State(part).Select(e => KeyValuePair.Create(e.Key, e.Target)));
            tensors.AddRange(OptimizerState.Of(part.Optimizer, Keys(part)));
        }

        foreach ((string name, double number) in stage.Numbers)
            metadata["number/" + name] = number.ToString("R", CultureInfo.InvariantCulture);
        SafeTensorsFile.Write(LastPath, tensors, metadata);
    }

    private long Read()
    {
        var checkpoint = Checkpoint.Load(LastPath);
        var metadata = new TrainingMetadata(LastPath, checkpoint.Metadata, "stage");
        string found = metadata.Text("stage");
        if (found != stage.Description)
            throw new TrainingConfigurationException(LastPath, [$"the stage is '{found}', expected '{stage.Description}'"]);
        foreach (StagePart part in stage.Parts)
        {
            foreach ((string key, Tensor target) in State(part))
                target.Storage.Write(TrainingCheckpoint.Find(LastPath, checkpoint, key, target).ToArray());
            OptimizerState.Restore(part.Optimizer, OptimizerState.Find(LastPath, checkpoint, part.Optimizer, Keys(part)));
            part.Optimizer.StepCount = metadata.Required("updates/" + part.Name);
        }

        foreach (string name in stage.Numbers.Keys.ToArray())
            stage.Numbers[name] = metadata.RequiredNumber("number/" + name);
        return metadata.Required("step");
    }

    private static IEnumerable<(string Key, Tensor Target)> State(StagePart part) => part.Module.StateDictionary().Select(e => ($"weights/{part.Name}/{e.Key}", e.Value))
        .Concat(part.Average?.State.Select(e => ($"average/{part.Name}/{e.Key}", e.Value)) ?? []);

    private static IEnumerable<string> Keys(StagePart part) => part.Module.NamedParameters().Select(p => $"{part.Name}/{p.Key}");
}
