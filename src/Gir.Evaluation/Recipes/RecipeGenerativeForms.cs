using Gir.Models.Generative.UgpNet;

namespace Gir.Evaluation.Recipes;

/// <summary>The fields "generative" and "latentDiffusion" of recipes.</summary>
internal static class RecipeGenerativeForms
{
    private static readonly RecipeForm<RecipeStages> s_stages = new RecipeForm<RecipeStages>(() => new RecipeStages())
        .Whole("regression", s => s.Regression, (s, v) => s with { Regression = v })
        .Whole("prior", s => s.Prior, (s, v) => s with { Prior = v })
        .Whole("synthesis", s => s.Synthesis, (s, v) => s with { Synthesis = v })
        .Whole("fusion", s => s.Fusion, (s, v) => s with { Fusion = v });

    private static readonly RecipeForm<UgpNetPerceptualOptions> s_perceptual = new RecipeForm<UgpNetPerceptualOptions>(() => new UgpNetPerceptualOptions())
        .Texts("weights", p => p.Weights, (p, v) => p with { Weights = v })
        .Whole("side", p => p.Side, (p, v) => p with { Side = v })
        .Number("weight", p => p.Weight, (p, v) => p with { Weight = v });

    private static readonly RecipeForm<RecipeDiffusionStages> s_diffusionStages = new RecipeForm<RecipeDiffusionStages>(() => new RecipeDiffusionStages())
        .Whole("initial", s => s.Initial, (s, v) => s with { Initial = v })
        .Whole("autoencoder", s => s.Autoencoder, (s, v) => s with { Autoencoder = v })
        .Whole("prior", s => s.Prior, (s, v) => s with { Prior = v })
        .Whole("control", s => s.Control, (s, v) => s with { Control = v });

    public static RecipeForm<RecipeGenerative> Generative { get; } = new RecipeForm<RecipeGenerative>(() => new RecipeGenerative())
        .Object("stages", s_stages, g => g.Stages, (g, v) => g with { Stages = v })
        .Text("prior", g => g.Prior, (g, v) => g with { Prior = v }, when: g => g.Prior is not null)
        .Number("narrow", g => g.Narrow, (g, v) => g with { Narrow = v })
        .Whole("styleFeatures", g => g.StyleFeatures, (g, v) => g with { StyleFeatures = v })
        .Whole("mappingLayers", g => g.MappingLayers, (g, v) => g with { MappingLayers = v })
        .Whole("encoderWidth", g => g.EncoderWidth, (g, v) => g with { EncoderWidth = v })
        .Whole("featureChannels", g => g.FeatureChannels, (g, v) => g with { FeatureChannels = v })
        .Whole("fusionBlocks", g => g.FusionBlocks, (g, v) => g with { FusionBlocks = v })
        .Number("adversarial", g => g.Adversarial, (g, v) => g with { Adversarial = v })
        .Number("contextual", g => g.Contextual, (g, v) => g with { Contextual = v })
        .Texts("contextualWeights", g => g.ContextualWeights, (g, v) => g with { ContextualWeights = v }, when: g => g.ContextualWeights.Count > 0)
        .Object("perceptual", s_perceptual, g => g.Perceptual!, (g, v) => g with { Perceptual = v }, when: g => g.Perceptual is not null);

    public static RecipeForm<RecipeLatentDiffusion> LatentDiffusion { get; } = new RecipeForm<RecipeLatentDiffusion>(() => new RecipeLatentDiffusion())
        .Object("stages", s_diffusionStages, d => d.Stages, (d, v) => d with { Stages = v })
        .Whole("diffusionBatch", d => d.DiffusionBatch, (d, v) => d with { DiffusionBatch = v })
        .Whole("autoencoderChannels", d => d.AutoencoderChannels, (d, v) => d with { AutoencoderChannels = v })
        .Whole("latentChannels", d => d.LatentChannels, (d, v) => d with { LatentChannels = v })
        .Whole("channels", d => d.Channels, (d, v) => d with { Channels = v })
        .Whole("heads", d => d.Heads, (d, v) => d with { Heads = v })
        .Whole("groups", d => d.Groups, (d, v) => d with { Groups = v })
        .Word("prediction", d => d.Prediction, (d, v) => d with { Prediction = v })
        .Number("divergence", d => d.Divergence, (d, v) => d with { Divergence = v })
        .Number("adversarial", d => d.Adversarial, (d, v) => d with { Adversarial = v })
        .Whole("noiseAugmentation", d => d.NoiseAugmentation, (d, v) => d with { NoiseAugmentation = v });
}
