using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>Stages that build on one another, each in a folder of its own below one: what is done is not done again, and what it left is read back for those that follow.</summary>
/// <param name="folder">The folder of all.</param>
/// <param name="saveEvery">Steps between two saves.</param>
/// <param name="logEvery">Steps between two rows of a log.</param>
/// <param name="progress">Told of every row of the logs; may be null.</param>
/// <param name="cancellationToken">Ends a stage after the step in work; the state is saved.</param>
internal sealed class StageSeries(string folder, long saveEvery, long logEvery, IProgress<GenerativeTrainingProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>The weights of a finished stage.</summary>
    public static string WeightsPath(string folder, string stage) => StageTrainer.WeightsPath(Path.Combine(folder, stage));

    /// <summary>Trains a stage that is not done yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="steps">Its steps.</param>
    /// <param name="create">Makes it.</param>
    /// <returns>Whether it is done.</returns>
    /// <inheritdoc cref="StageTrainer.Run"/>
    public bool Train(string name, int steps, Func<GenerativeStage> create)
    {
        if (File.Exists(WeightsPath(folder, name)))
            return true;
        GenerativeStage stage = create();
        return new StageTrainer(stage, Path.Combine(folder, name), steps, saveEvery, logEvery).Run(
            (step, numbers) => progress?.Report(new GenerativeTrainingProgress(
                name, step, steps, stage.Columns.Zip(numbers).Where(p => !double.IsNaN(p.Second)).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal))),
            cancellationToken);
    }

    /// <summary>Gives a network what a stage left, even where it has just run: a killed training goes on from the same numbers.</summary>
    /// <param name="module">The network.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="prefix">What its keys begin with in the file.</param>
    /// <param name="except">Keys that begin with this are not the network's; null where all are.</param>
    /// <exception cref="TrainingConfigurationException">The weights are another network's.</exception>
    public void Load(Module module, string stage, string prefix = "", string? except = null)
    {
        string path = WeightsPath(folder, stage);
        Dictionary<string, Tensor> state = Checkpoint.Load(path).Tensors
            .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal) && (except is null || !t.Key.StartsWith(except, StringComparison.Ordinal)))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value.ToTensor(), StringComparer.Ordinal);
        try
        {
            module.LoadState(state);
        }
        catch (ArgumentException e)
        {
            throw new TrainingConfigurationException(path, [$"the weights of {stage} are of another network: {e.Message}"]);
        }
    }
}
