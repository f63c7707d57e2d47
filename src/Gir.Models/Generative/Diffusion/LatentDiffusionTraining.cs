using Gir.Imaging;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Training;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.Diffusion;

/// <summary>
/// Trains conditional latent diffusion in its stages: a network that restores initially, the autoencoder, the U-Net on latents of clean images, the control branch. Each stage
/// keeps a folder with checkpoint, log and weights; a process that is killed at any time goes on to the same bits.
/// </summary>
/// <remarks>
/// The last stage's file holds autoencoder, U-Net and control branch (<see cref="NetworkPath"/>); the initial restorer has its own (<see cref="InitialPath"/>), which
/// <see cref="ModelZoo.Load(string, ModelZooOptions?)"/> reads. One training at a time in one folder; not safe for concurrent use.
/// </remarks>
public sealed class LatentDiffusionTraining
{
    // So many images say how wide latents are.
    private const int ScaleImages = 256;

    private readonly LatentDiffusionTrainingOptions _options;
    private readonly LatentTrainingSource _source;
    private readonly string _folder;

    /// <summary>Prepares a training.</summary>
    /// <param name="options">What is trained and for how long.</param>
    /// <param name="images">Clean images, RGB, of the options' size.</param>
    /// <param name="degrade">Degrades one.</param>
    /// <param name="folder">Where everything is kept.</param>
    /// <exception cref="ArgumentException">An option is out of range, or an image has another size.</exception>
    public LatentDiffusionTraining(LatentDiffusionTrainingOptions options, IReadOnlyList<ImageBuffer> images, ImageTransform degrade, string folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(degrade);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options.Validate();
        (_options, _folder) = (options, folder);
        _source = new LatentTrainingSource(images, degrade, options.Size, options.Seed);
    }

    /// <summary>The stages' names, in their order.</summary>
    public static IReadOnlyList<string> Stages { get; } = ["initial", "autoencoder", "prior", "control"];

    /// <summary>The file of all networks but the initial restorer, once the training is done.</summary>
    public string NetworkPath => PathOf("control");

    /// <summary>The file of the initial restorer, once it is trained; there is none with <see cref="LatentDiffusionTrainingOptions.InitialSteps"/> of 0.</summary>
    public string InitialPath => PathOf("initial");

    /// <summary>Trains, going on where an earlier run stopped.</summary>
    /// <param name="progress">Told of every row of the logs; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <returns>Whether all stages are done.</returns>
    /// <exception cref="TrainingConfigurationException">The folder holds another training.</exception>
    /// <exception cref="TrainingDivergedException">A loss is no number any more.</exception>
    /// <exception cref="CheckpointFormatException">A checkpoint is damaged.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another training is at work in it.</exception>
    public bool Run(IProgress<GenerativeTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var stages = new StageSeries(_folder, _options.SaveEvery, _options.LogEvery, progress, cancellationToken);
        RestorationNetwork? initial = _options.InitialSteps == 0 ? null : ModelZoo.CreateNetwork(_options.Architecture, _options.HyperParameters) with { HyperParameters = _options.HyperParameters };
        if (initial is not null)
        {
            if (!stages.Train("initial", _options.InitialSteps, () => new InitialRestorerStage(initial, 1e-3, _options.InitialSteps, _options.Batch, _source)))
                return false;
            stages.Load(initial.Module, "initial");
        }

        ILatentSpace space = new PixelSpace();
        if (_options.AutoencoderSteps > 0)
        {
            var autoencoder = new AutoencoderKl(_options.Autoencoder);
            if (!stages.Train("autoencoder", _options.AutoencoderSteps, () => Stage(autoencoder)))
                return false;
            stages.Load(autoencoder, "autoencoder");
            space = autoencoder;
        }

        LatentDiffusionSettings settings = _options.Settings(DiffusionStage.LatentScale(space, _source.First(ScaleImages, _options.Batch)));
        var network = new DiffusionUNet(_options.Network);
        var prior = new DiffusionStageOptions { Batch = _options.DiffusionBatch, Steps = _options.PriorSteps };
        if (!stages.Train("prior", _options.PriorSteps, () => new DiffusionPriorStage(network, space, settings, prior, _source)))
            return false;
        stages.Load(network, "prior");
        var control = new DiffusionStageOptions { Batch = _options.DiffusionBatch, Steps = _options.ControlSteps, Rate = 1e-3, NoiseAugmentation = _options.NoiseAugmentation };
        return stages.Train("control", _options.ControlSteps, () =>
        {
            var branch = new ControlBranch(network.Options, _options.LatentChannels);
            branch.CopyFrom(network);
            return new ControlStage(network, branch, initial?.Module, space, settings, control, _source);
        });
    }

    private AutoencoderStage Stage(AutoencoderKl autoencoder)
    {
        PatchDiscriminator? discriminator = _options.Adversarial > 0 ? new PatchDiscriminator(32, 2, _options.Seed) : null;
        var options = new AutoencoderStageOptions
        {
            Batch = _options.Batch, Steps = _options.AutoencoderSteps, Divergence = _options.Divergence, Adversarial = _options.Adversarial,
        };
        return new AutoencoderStage(autoencoder, discriminator, options, _source);
    }

    private string PathOf(string stage) => StageSeries.WeightsPath(_folder, stage);
}
