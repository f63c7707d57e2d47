using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Zoo;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gir.Models.Training;

/// <summary>
/// Trains a network on patches with Adam and a half cosine of learning rates. It can be killed at any time: the next run in the same output folder
/// goes on where the checkpoint "last" stands, and comes to the same bits as one that was never interrupted, for any number of threads.
/// </summary>
/// <remarks>One run at a time; of two in one folder the second is refused.</remarks>
public sealed class Trainer
{
    /// <summary>Creates a trainer; nothing runs or is written yet.</summary>
    /// <param name="network">The network, with its initial weights; scale 1, without a noise map.</param>
    /// <param name="source">The patches.</param>
    /// <param name="options">How to train; null means the paper's setting.</param>
    /// <param name="validation">Rates the network from time to time; null means that the latest weights are published as the best.</param>
    /// <param name="timeProvider">The clock for speed and remaining time; null means the system's.</param>
    /// <param name="objective">What is minimized; null means the distance that <see cref="TrainerOptions.Loss"/> names.</param>
    /// <param name="logger">Is told where a run begins and ends; null: nobody is.</param>
    /// <exception cref="ArgumentException">The network and the patches do not fit, or an option is out of range.</exception>
    public Trainer(
        RestorationNetwork network, PatchPairSource source, TrainerOptions? options = null, TrainingValidation? validation = null,
        TimeProvider? timeProvider = null, ITrainingObjective? objective = null, ILogger<Trainer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(source);
        Logger = logger ?? (ILogger)NullLogger.Instance;
        Options = options ?? TrainerOptions.Paper;
        Options.Validate();
        Check(network, source);
        foreach (string part in Options.TrainedParts)
        {
            if (!network.Module.NamedParameters().Any(p => IsOf(p.Key, part)))
                throw new ArgumentException($"{network.Architecture} has no part '{part}' with weights; expected among {string.Join(", ", Parts(network))}.", nameof(options));
        }

        Network = network;
        Source = source;
        Validation = validation;
        Time = timeProvider ?? TimeProvider.System;
        Objective = objective ?? new PixelObjective(Options.Loss) { PsnrEpsilon = Options.PsnrEpsilon };
        Objective.Check(network, source);
        if (Options.Iterations <= Objective.PretrainingIterations)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), Options.Iterations, $"Expected more iterations than the {Objective.PretrainingIterations} of the pre-training.");
        }

        Configuration = TrainingConfiguration.Of(network, source, Options, Objective);
    }

    /// <summary>The network; its weights change while a run is under way.</summary>
    public RestorationNetwork Network { get; }

    /// <summary>The patches.</summary>
    public PatchPairSource Source { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>What is minimized.</summary>
    public ITrainingObjective Objective { get; }

    internal TrainingValidation? Validation { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal TrainingConfiguration Configuration { get; }

    /// <summary>Path of the checkpoint that a training in this folder resumes from.</summary>
    public static string LastCheckpointPath(string output) => Path.Combine(output, "last.safetensors");

    /// <summary>Path of the best weights, loadable by <see cref="ModelZoo"/>.</summary>
    public static string BestCheckpointPath(string output) => Path.Combine(output, "best.safetensors");

    /// <summary>Path of the log: one row of comma-separated values per <see cref="TrainerOptions.LogEvery"/> steps.</summary>
    public static string LogPath(string output) => Path.Combine(output, "log.csv");

    /// <summary>Trains to the end, resuming automatically where the output folder holds a checkpoint of the same configuration.</summary>
    /// <param name="progress">Is told every <see cref="TrainerOptions.LogEvery"/> steps and after validations; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <returns>What it came to; not complete where it was canceled or stopped.</returns>
    /// <exception cref="TrainingConfigurationException">The folder's checkpoint belongs to another configuration; the message says what differs.</exception>
    /// <exception cref="CheckpointFormatException">The folder's checkpoint is damaged.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is not finite; the checkpoints of before are left as they are.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another training is at work in it.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var run = new TrainingRun(this, progress);
        return run.Execute(cancellationToken);
    }

    /// <summary>Whether a parameter is that of a part, or inside it.</summary>
    internal static bool IsOf(string parameter, string part) =>
        parameter.StartsWith(part, StringComparison.Ordinal) && (parameter.Length == part.Length || parameter[part.Length] == '.');

    private static IEnumerable<string> Parts(RestorationNetwork network) => network.Module.NamedParameters().Select(p => p.Key.Split('.')[0]).Distinct();

    private static void Check(RestorationNetwork network, PatchPairSource source)
    {
        if (network.Scale != 1 || network.InputChannels != network.OutputChannels)
        {
            throw new ArgumentException(
                $"{network.Architecture} makes {network.OutputChannels} channels at scale {network.Scale} of {network.InputChannels}; expected output and input of one size: the patches are pairs of one size.",
                nameof(network));
        }

        if (network.TakesNoiseMap)
            throw new ArgumentException($"{network.Architecture} is told the noise's strength, which the patches do not know; expected a blind network.", nameof(network));
        if (network.Module is IPictureConditioned { ThumbnailSize: int thumbnail } && source.Options.Thumbnail != thumbnail)
            throw new ArgumentException($"Patches come with thumbnails of {source.Options.Thumbnail}; {network.Architecture} expects {thumbnail}.", nameof(source));
        if (network.InputChannels != source.Channels)
            throw new ArgumentException($"The images have {source.Channels} channels; {network.Architecture} expects {network.InputChannels}.", nameof(source));
        foreach (int size in source.Options.AllStages.Select(s => s.PatchSize))
        {
            if (size < network.Size.Minimum || size % Math.Max(1, network.Size.Multiple) != 0)
            {
                throw new ArgumentException(
                    $"Patches are {size} x {size}; {network.Architecture} expects a multiple of {network.Size.Multiple}, at least {network.Size.Minimum}.", nameof(source));
            }
        }
    }
}
