using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.Diffusion;

/// <summary>The networks that latent diffusion is made of.</summary>
/// <param name="Space">Between images and latents: an autoencoder, or pixels as they are.</param>
/// <param name="Network">What predicts.</param>
/// <param name="Control">What carries the condition into it.</param>
/// <param name="Settings">What no shape tells.</param>
internal sealed record LatentDiffusionNetworks(ILatentSpace Space, DiffusionUNet Network, ControlBranch Control, LatentDiffusionSettings Settings)
{
    /// <summary>All learned values by key, with the part's name before each.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => new (string Name, Module? Module)[] { ("vae", Space as Module), ("unet", Network), ("control", Control) }
        .Where(p => p.Module is not null).SelectMany(p => p.Module!.StateDictionary().Select(e => KeyValuePair.Create($"{p.Name}.{e.Key}", e.Value)));
}

/// <summary>
/// Checkpoints of latent diffusion: files as they are published (a Stable Diffusion checkpoint and a control branch; folders of diffusers file by file), or one that holds all.
/// Networks are recognized by keys and shapes.
/// </summary>
internal static class LatentDiffusionFile
{
    // Tables of the tiniest networks outnumber their weights.
    private const long Slack = 1 << 16;

    // A whole Stable Diffusion checkpoint has about 5 GB; its tensors are read one by one.
    private static readonly CheckpointLimits s_limits = new() { MaxFileBytes = 1L << 40 };

    /// <summary>Loads the networks.</summary>
    /// <param name="paths">Files that together hold all three; of a network in several the first file's is taken.</param>
    /// <param name="settings">What shapes do not tell; null takes what a file says, else the defaults.</param>
    /// <param name="limits">What the files may ask for.</param>
    /// <param name="compact">Whether weights are kept in 16 bits; null where it pays (<see cref="CompactWeights"/>).</param>
    /// <exception cref="CheckpointFormatException">A file is damaged, or a network is missing or does not fit; the message names the files.</exception>
    public static LatentDiffusionNetworks Load(IReadOnlyList<string> paths, LatentDiffusionSettings? settings = null, CheckpointLimits? limits = null, bool? compact = false)
    {
        if (paths.Count == 0)
            throw new ArgumentException("Expected at least one file.", nameof(paths));
        (AutoencoderKl? autoencoder, DiffusionUNet? network, ControlBranch? control) = (null, null, null);
        settings?.Validate();
        try
        {
            foreach (string path in paths)
            {
                var checkpoint = Checkpoint.Load(path, limits ?? s_limits);
                if (settings is null && checkpoint.Metadata.ContainsKey("hyper"))
                {
                    settings = LatentDiffusionSettings.Of(HyperParameters.FromMetadata(checkpoint.Metadata));
                    settings.Validate();
                }

                LatentDiffusionSettings known = settings ?? new();
                IReadOnlyDictionary<string, CheckpointTensor> tensors = checkpoint.Unwrap();
                autoencoder ??= Find(tensors, LatentDiffusionPart.Autoencoder, known, compact) as AutoencoderKl;
                network ??= Find(tensors, LatentDiffusionPart.Network, known, compact) as DiffusionUNet;
                control ??= Find(tensors, LatentDiffusionPart.Control, known, compact) as ControlBranch;
            }
        }
        catch (ArgumentException e)
        {
            throw new CheckpointFormatException(string.Join(", ", paths), 0, $"the tensors are not latent diffusion's: {e.Message}");
        }

        bool isInPixels = settings is { InPixels: true };
        string[] missing = [.. new[] { autoencoder is null && !isInPixels ? "an autoencoder" : "", network is null ? "a U-Net" : "", control is null ? "a control branch" : "" }.Where(m => m.Length > 0)];
        if (missing.Length > 0)
            throw new CheckpointFormatException(string.Join(", ", paths), 0, $"there is no {string.Join(", no ", missing.Select(m => m[(m.IndexOf(' ', StringComparison.Ordinal) + 1)..]))} in it; expected an autoencoder, a U-Net and a control branch.");
        return new(isInPixels ? new PixelSpace() : autoencoder!, network!, control!, settings ?? new());
    }

    /// <summary>Writes all into one file.</summary>
    public static void Save(string path, LatentDiffusionNetworks networks, IReadOnlyDictionary<string, string>? metadata = null) => SafeTensorsFile.Write(
        path, networks.State, new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["architecture"] = "LatentDiffusion", ["hyper"] = networks.Settings.ToJson(),
        });

    /// <summary>A network of a file's tensors; null where they hold none of that kind.</summary>
    /// <exception cref="ArgumentException">The tensors begin as such a network and do not fit.</exception>
    public static Module? Find(IReadOnlyDictionary<string, CheckpointTensor> tensors, LatentDiffusionPart part, LatentDiffusionSettings settings, bool? compact = false)
    {
        if (LatentDiffusionKeys.Find(tensors, part) is not { } own)
            return null;
        Dictionary<string, TensorShape> shapes = own.ToDictionary(t => t.Key, t => t.Value.Shape, StringComparer.Ordinal);
        using IDisposable loading = Initializer.ForLoading((2 * own.Values.Sum(t => (long)t.Length)) + Slack, CompactWeights.Pay(compact, own.Values));
        Module module = Build(shapes, part, settings);
        // Attention's matrices are [c, c] in one dialect and [c, c, 1, 1] in the other.
        foreach ((string key, Tensor target) in module.StateDictionary())
        {
            if (shapes.TryGetValue(key, out TensorShape found) && found.Rank == 2 && target.Rank > 2 && target.Length == found.Length && found[0] == target.Shape[0])
                shapes[key] = target.Shape;
        }

        module.LoadState(shapes, (key, values) => own[key].CopyTo(values));
        return module;
    }

    /// <summary>The network that shapes under its own keys describe, without its values.</summary>
    /// <exception cref="ArgumentException">The shapes describe none.</exception>
    public static Module Build(IReadOnlyDictionary<string, TensorShape> shapes, LatentDiffusionPart part, LatentDiffusionSettings settings)
    {
        if (part == LatentDiffusionPart.Autoencoder)
            return new AutoencoderKl(LatentDiffusionShapes.Autoencoder(shapes, settings.Groups));
        DiffusionUNetOptions options = LatentDiffusionShapes.Network(shapes, settings);
        if (part == LatentDiffusionPart.Network)
            return new DiffusionUNet(options);
        if (shapes.ContainsKey("input_hint_block.0.weight"))
            return new ControlBranch(options, shapes.Size("input_hint_block.0.weight", 1), ControlHint.Image);
        // The condition is a latent, too: behind the noisy one, of as many channels.
        int all = options.InputChannels;
        int own = all % 2 == 0 ? all / 2 : throw new ArgumentException($"The control branch takes {all} channels; expected a latent's twice.", nameof(shapes));
        return new ControlBranch(options with { InputChannels = own }, all - own);
    }
}
