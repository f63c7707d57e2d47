using Gir.Imaging;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Features;
using Gir.Models.Generative.Training;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.UgpNet;

/// <summary>
/// Trains a UGPNet in its stages: the regression by PSNR, StyleGAN2 as prior on clean images (unless one that is trained is given), the synthesis against the discriminator, the fusion alone. Each stage keeps a
/// folder with checkpoint, log and weights; a process that is killed at any time goes on to the same bits.
/// </summary>
/// <remarks>
/// The perceptual distance is LPIPS where its weights are given, else that of the prior's discriminator, frozen: channel-normalized maps after its first convolution and first two
/// blocks, which is no LPIPS, and flatters what was trained with it. The contextual loss compares VGG-19's relu3_4 where its weights are given, else the discriminator's map after its
/// first block. One training at a time in one folder; not safe for concurrent use.
/// </remarks>
public sealed class UgpNetTraining
{
    // The published loss looks at patches of 128; the discriminator's map is half as large as they are, four times as many places as VGG-19's.
    private const int Vgg19Patch = 128;
    private const int DiscriminatorPatch = 32;

    private readonly UgpNetTrainingOptions _options;
    private readonly PairSource _source;
    private readonly string _folder;

    /// <summary>Prepares a training.</summary>
    /// <param name="options">What is trained and for how long.</param>
    /// <param name="images">Clean images, RGB, of the options' size.</param>
    /// <param name="degrade">Degrades one.</param>
    /// <param name="folder">Where everything is kept.</param>
    /// <exception cref="ArgumentException">An option is out of range, or an image has another size.</exception>
    public UgpNetTraining(UgpNetTrainingOptions options, IReadOnlyList<ImageBuffer> images, ImageTransform degrade, string folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(degrade);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options.Validate();
        (_options, _folder) = (options, folder);
        _source = new PairSource(images, degrade, options.Size, options.Batch, options.Seed);
    }

    /// <summary>The file of the whole network, once the training is done.</summary>
    public string NetworkPath => StageSeries.WeightsPath(_folder, "fusion");

    /// <summary>Trains, going on where an earlier run stopped.</summary>
    /// <param name="progress">Told of every row of the logs; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <returns>Whether all stages are done.</returns>
    /// <exception cref="TrainingConfigurationException">The folder holds another training.</exception>
    /// <exception cref="TrainingDivergedException">A loss is no number any more.</exception>
    /// <exception cref="ArgumentException">The perceptual weights lack a part, their network wants larger images, or those of the contextual loss are no VGG-19.</exception>
    /// <exception cref="CheckpointFormatException">A checkpoint, or a file of perceptual or contextual weights or of a prior, is damaged or holds something else.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another training is at work in it.</exception>
    public bool Run(IProgress<GenerativeTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // Before hours of training: files that are missing or hold something else are found out at once.
        ImageDistance? lpips = _options.Perceptual is { } perceptual ? ImageDistance.Lpips(PerceptualNetwork.Load(perceptual.Weights), perceptual.Side) : null;
        ImageContext? vgg19 = _options.ContextualWeights.Count > 0 ? ImageContext.Vgg19(PerceptualNetwork.Load(_options.ContextualWeights)) : null;
        var stages = new StageSeries(_folder, _options.SaveEvery, _options.LogEvery, progress, cancellationToken);
        RestorationNetwork regression = ModelZoo.CreateNetwork(_options.Architecture, _options.HyperParameters) with { HyperParameters = _options.HyperParameters };
        var network = new UgpNetwork(regression, _options.Network);
        var discriminator = new StyleGan2Discriminator(_options.StyleGan2);
        if (_options.Prior is { } shared)
            SharedPrior.Take(shared, _folder, network.Synthesis.Generator, discriminator);
        if (!stages.Train("regression", _options.RegressionSteps, () => new RegressionStage(network.Regression, _source, 5e-4, _options.RegressionSteps)))
            return false;
        stages.Load(network.Regression, "regression");
        // Averages over steps, fewer of them for a short training.
        var prior = new PriorOptions { Average = 0.998 };
        if (!stages.Train("prior", _options.PriorSteps, () => new PriorStage(network.Synthesis.Generator, discriminator, prior, _source)))
            return false;
        stages.Load(network.Synthesis.Generator, "prior", "generator.");
        stages.Load(discriminator, "prior", "discriminator.");
        var eye = new StyleGan2Discriminator(_options.StyleGan2);
        stages.Load(eye, "prior", "discriminator.");
        foreach (Tensor parameter in eye.Parameters())
            parameter.RequiresGradient = false;
        ImageDistance distance = lpips ?? ImageDistance.Of(eye);
        double weight = _options.Perceptual?.Weight ?? 1;
        var synthesis = new SynthesisStageOptions { Rate = 1e-3, DiscriminatorRate = 2.5e-4, Features = weight, Adversarial = _options.Adversarial, Centered = true };
        if (!stages.Train("synthesis", _options.SynthesisSteps, () => new SynthesisStage(network.Synthesis, discriminator, synthesis, distance, network.Regression, _source)))
            return false;
        stages.Load(network.Synthesis, "synthesis", except: "discriminator.");
        var fusion = new FusionStageOptions { LowerFrom = _options.FusionSteps / 2, Features = weight, Contextual = _options.Contextual, Patch = vgg19 is null ? DiscriminatorPatch : Math.Min(Vgg19Patch, _options.Size) };
        ImageContext context = vgg19 ?? ImageContext.OfDiscriminator(eye);
        return stages.Train("fusion", _options.FusionSteps, () => new FusionStage(network, fusion, distance, context, _source));
    }
}
