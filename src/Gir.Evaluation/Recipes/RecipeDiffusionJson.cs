using System.Text.Json;
using Gir.Imaging.Text;
using Gir.Models.Generative.Diffusion;

namespace Gir.Evaluation.Recipes;

/// <summary>The field "latentDiffusion" of recipes.</summary>
internal static class RecipeDiffusionJson
{
    public static RecipeLatentDiffusion Read(RecipeObject json)
    {
        var defaults = new RecipeLatentDiffusion();
        var diffusion = new RecipeLatentDiffusion
        {
            Stages = json.Object("stages") is { } stages ? Stages(stages) : defaults.Stages,
            DiffusionBatch = json.Whole("diffusionBatch") ?? defaults.DiffusionBatch,
            AutoencoderChannels = json.Whole("autoencoderChannels") ?? defaults.AutoencoderChannels,
            LatentChannels = json.Whole("latentChannels") ?? defaults.LatentChannels,
            Channels = json.Whole("channels") ?? defaults.Channels,
            Heads = json.Whole("heads") ?? defaults.Heads,
            Groups = json.Whole("groups") ?? defaults.Groups,
            Prediction = json.Word<DiffusionPrediction>("prediction") ?? defaults.Prediction,
            Divergence = json.Number("divergence") ?? defaults.Divergence,
            Adversarial = json.Number("adversarial") ?? defaults.Adversarial,
            NoiseAugmentation = json.Whole("noiseAugmentation") ?? defaults.NoiseAugmentation,
        };
        json.Finish();
        return diffusion;
    }

    public static void Write(Utf8JsonWriter writer, RecipeLatentDiffusion diffusion)
    {
        writer.WriteStartObject("latentDiffusion");
        writer.WriteStartObject("stages");
        writer.WriteNumber("initial", diffusion.Stages.Initial);
        writer.WriteNumber("autoencoder", diffusion.Stages.Autoencoder);
        writer.WriteNumber("prior", diffusion.Stages.Prior);
        writer.WriteNumber("control", diffusion.Stages.Control);
        writer.WriteEndObject();
        writer.WriteNumber("diffusionBatch", diffusion.DiffusionBatch);
        writer.WriteNumber("autoencoderChannels", diffusion.AutoencoderChannels);
        writer.WriteNumber("latentChannels", diffusion.LatentChannels);
        writer.WriteNumber("channels", diffusion.Channels);
        writer.WriteNumber("heads", diffusion.Heads);
        writer.WriteNumber("groups", diffusion.Groups);
        writer.WriteString("prediction", ChoiceWords<DiffusionPrediction>.WordOf(diffusion.Prediction));
        writer.WriteNumber("divergence", diffusion.Divergence);
        writer.WriteNumber("adversarial", diffusion.Adversarial);
        writer.WriteNumber("noiseAugmentation", diffusion.NoiseAugmentation);
        writer.WriteEndObject();
    }

    private static RecipeDiffusionStages Stages(RecipeObject json)
    {
        var defaults = new RecipeDiffusionStages();
        var stages = new RecipeDiffusionStages
        {
            Initial = json.Whole("initial") ?? defaults.Initial,
            Autoencoder = json.Whole("autoencoder") ?? defaults.Autoencoder,
            Prior = json.Whole("prior") ?? defaults.Prior,
            Control = json.Whole("control") ?? defaults.Control,
        };
        json.Finish();
        return stages;
    }
}
