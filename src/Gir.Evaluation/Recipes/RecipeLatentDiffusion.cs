using Gir.Models.Generative.Diffusion;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// What makes of a recipe the training of conditional latent diffusion in its stages (Rombach et al., CVPR 2022; Lin et al., ECCV 2024): the recipe's architecture is the network
/// that restores initially, its patch the size of the images. The defaults are a small one for a processor.
/// </summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record RecipeLatentDiffusion
{
    private static readonly LatentDiffusionTrainingOptions s_defaults = new();

    /// <summary>Steps of each stage.</summary>
    public RecipeDiffusionStages Stages { get; init; } = new();

    /// <summary>Images a step of U-Net and control branch; default 16. The recipe's batch is that of the other stages.</summary>
    public int DiffusionBatch { get; init; } = s_defaults.DiffusionBatch;

    /// <summary>Channels of the autoencoder's finest level; default 16.</summary>
    public int AutoencoderChannels { get; init; } = s_defaults.AutoencoderChannels;

    /// <summary>Channels of a latent; default 4.</summary>
    public int LatentChannels { get; init; } = s_defaults.LatentChannels;

    /// <summary>Channels of the U-Net's finest level; default 48.</summary>
    public int Channels { get; init; } = s_defaults.Channels;

    /// <summary>Attention heads; default 2.</summary>
    public int Heads { get; init; } = s_defaults.Heads;

    /// <summary>Groups of every group normalization; default 8.</summary>
    public int Groups { get; init; } = s_defaults.Groups;

    /// <summary>What the U-Net predicts; default the velocity.</summary>
    public DiffusionPrediction Prediction { get; init; } = s_defaults.Prediction;

    /// <summary>Weight of the autoencoder's divergence; default 0.0001.</summary>
    public double Divergence { get; init; } = s_defaults.Divergence;

    /// <summary>Weight of the autoencoder's adversarial loss in its last 40 % of steps; default 0: without.</summary>
    public double Adversarial { get; init; } = s_defaults.Adversarial;

    /// <summary>Conditions are given noise of a timestep below this; default 0: without.</summary>
    public int NoiseAugmentation { get; init; } = s_defaults.NoiseAugmentation;
}

/// <summary>Steps of the stages of latent diffusion.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record RecipeDiffusionStages
{
    /// <summary>Steps of the initial restorer; default 3000. 0 conditions on degraded images.</summary>
    public int Initial { get; init; } = 3000;

    /// <summary>Steps of the autoencoder; default 12000. 0 diffuses pixels as they are, with <see cref="RecipeLatentDiffusion.LatentChannels"/> 3.</summary>
    public int Autoencoder { get; init; } = 12_000;

    /// <summary>Steps of the U-Net; default 12000.</summary>
    public int Prior { get; init; } = 12_000;

    /// <summary>Steps of the control branch; default 10000.</summary>
    public int Control { get; init; } = 10_000;
}
