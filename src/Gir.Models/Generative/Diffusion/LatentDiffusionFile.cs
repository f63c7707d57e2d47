using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.Diffusion;

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
        var found = new Dictionary<LatentDiffusionPart, Module>();
        LatentDiffusionSettings known = Read(paths, settings, limits, compact, Enum.GetValues<LatentDiffusionPart>(), (part, module, _) => found.Add(part, module));
        ILatentSpace space = known.InPixels ? new PixelSpace() : (AutoencoderKl)found[LatentDiffusionPart.Autoencoder];
        return new(space, (DiffusionUNet)found[LatentDiffusionPart.Network], (ControlBranch)found[LatentDiffusionPart.Control], known);
    }

    /// <summary>Loads some of the networks, and hands each out with the file that it comes from.</summary>
    /// <inheritdoc cref="Load"/>
    /// <param name="paths"/><param name="settings"/><param name="limits"/><param name="compact"/>
    /// <param name="wanted">Which; each has to be found, but for the autoencoder of a model in pixels.</param>
    /// <param name="take">Is handed each network once.</param>
    /// <returns>What shapes do not tell.</returns>
    public static LatentDiffusionSettings Read(
        IReadOnlyList<string> paths, LatentDiffusionSettings? settings, CheckpointLimits? limits, bool? compact, IReadOnlyList<LatentDiffusionPart> wanted, Action<LatentDiffusionPart, Module, string> take)
    {
        if (paths.Count == 0)
            throw new ArgumentException("Expected at least one file.", nameof(paths));
        settings?.Validate();
        List<LatentDiffusionPart> missing = [.. wanted];
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

                IReadOnlyDictionary<string, CheckpointTensor> tensors = checkpoint.Unwrap();
                foreach (LatentDiffusionPart part in missing.ToArray())
                {
                    if (Find(tensors, part, settings ?? new(), compact) is not { } module)
                        continue;
                    missing.Remove(part);
                    take(part, module, path);
                }
            }
        }
        catch (ArgumentException e)
        {
            throw new CheckpointFormatException(string.Join(", ", paths), 0, $"the tensors are not latent diffusion's: {e.Message}");
        }

        if (settings is { InPixels: true })
            missing.Remove(LatentDiffusionPart.Autoencoder);
        return missing.Count == 0 ? settings ?? new() : throw new CheckpointFormatException(
            string.Join(", ", paths), 0, $"there is {string.Join(", ", missing.Select(m => $"no {NameOf(m)}"))} in it; expected an autoencoder, a U-Net and a control branch.");
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

    private static string NameOf(LatentDiffusionPart part) => part switch
    {
        LatentDiffusionPart.Autoencoder => "autoencoder",
        LatentDiffusionPart.Network => "U-Net",
        _ => "control branch",
    };
}
