using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>The networks that latent diffusion is made of.</summary>
/// <param name="Space">Between images and latents: an autoencoder, or pixels as they are.</param>
/// <param name="Network">What predicts.</param>
/// <param name="Control">What carries the condition into it.</param>
/// <param name="Settings">What no shape tells.</param>
internal sealed record LatentDiffusionNetworks(ILatentSpace Space, DiffusionUNet Network, ControlBranch Control, LatentDiffusionSettings Settings)
{
    /// <summary>All learned values by key, with the part's name before each.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => StateOf(LatentDiffusionPart.Autoencoder, Space as Module)
        .Concat(StateOf(LatentDiffusionPart.Network, Network)).Concat(StateOf(LatentDiffusionPart.Control, Control));

    /// <summary>One network's values by key, with the part's name before each.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> StateOf(LatentDiffusionPart part, Module? network)
    {
        string name = part switch { LatentDiffusionPart.Autoencoder => "vae", LatentDiffusionPart.Network => "unet", _ => "control" };
        return network?.StateDictionary().Select(e => KeyValuePair.Create($"{name}.{e.Key}", e.Value)) ?? [];
    }
}
