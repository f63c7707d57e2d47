using Gir.Models.Generative.UgpNet;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// What makes of a recipe the training of a UGPNet in its stages (Lee, Kang, Lee, Baek, Cho, WACV 2024): the recipe's architecture is its regression network, its patch the size of
/// the images. The defaults are a reduced UGPNet for a processor.
/// </summary>
public sealed record RecipeGenerative
{
    private static readonly UgpNetTrainingOptions s_defaults = new();

    /// <summary>Steps of each stage.</summary>
    public RecipeStages Stages { get; init; } = new();

    /// <summary>
    /// A prior that another training has trained, of the same sizes: the weights of its prior stage, that stage's folder, or the training's. This training then has no such stage of its own, and
    /// <see cref="RecipeStages.Prior"/> means nothing. Default null: the prior is trained.
    /// </summary>
    public string? Prior { get; init; }

    /// <summary>Factor of StyleGAN2's channels, above 0 and at most 1; default 1/16.</summary>
    public double Narrow { get; init; } = s_defaults.Narrow;

    /// <summary>Features of a style; default 64.</summary>
    public int StyleFeatures { get; init; } = s_defaults.StyleFeatures;

    /// <summary>Layers of the mapping network; default 4.</summary>
    public int MappingLayers { get; init; } = s_defaults.MappingLayers;

    /// <summary>Channels of the encoder's first block; default 16.</summary>
    public int EncoderWidth { get; init; } = s_defaults.EncoderWidth;

    /// <summary>Channels of the regression's feature and of the fusion; default 24.</summary>
    public int FeatureChannels { get; init; } = s_defaults.FeatureChannels;

    /// <summary>Residual blocks of the fusion; default 4.</summary>
    public int FusionBlocks { get; init; } = s_defaults.FusionBlocks;

    /// <summary>Weight of the adversarial loss in the synthesis stage; default 0.03.</summary>
    public double Adversarial { get; init; } = s_defaults.Adversarial;

    /// <summary>Weight of the contextual loss in the fusion stage; default 0.05.</summary>
    public double Contextual { get; init; } = s_defaults.Contextual;

    /// <summary>Files of VGG-19, the user's, whose relu3_4 the contextual loss compares; default none: the map of the prior's discriminator stands in its place.</summary>
    public IReadOnlyList<string> ContextualWeights { get; init; } = [];

    /// <summary>LPIPS as perceptual loss, by files of the user's; default null: the distance of features of the prior's discriminator stands in its place.</summary>
    public UgpNetPerceptualOptions? Perceptual { get; init; }
}

/// <summary>Steps of the stages of a generative training.</summary>
public sealed record RecipeStages
{
    /// <summary>Steps of the regression; default 4000.</summary>
    public int Regression { get; init; } = 4000;

    /// <summary>Steps of the prior, StyleGAN2 on clean images; default 8000.</summary>
    public int Prior { get; init; } = 8000;

    /// <summary>Steps of the synthesis; default 4000.</summary>
    public int Synthesis { get; init; } = 4000;

    /// <summary>Steps of the fusion; default 3000.</summary>
    public int Fusion { get; init; } = 3000;
}
