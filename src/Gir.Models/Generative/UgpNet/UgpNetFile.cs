using System.Globalization;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.UgpNet;

/// <summary>UGPNet's checkpoints: three files as the authors publish them, or one that holds all (resmodule., synmodule., fusmodule.). Shapes say the configuration.</summary>
internal static class UgpNetFile
{
    // Tables of the tiniest networks outnumber their weights.
    private const long Slack = 1 << 16;

    /// <summary>Loads a network.</summary>
    /// <param name="paths">One file, or the files of resmodule, synmodule and fusmodule in this order.</param>
    /// <param name="hyper">What shapes do not say of the regression network; null takes what the files say.</param>
    /// <param name="limits">What the files may ask for.</param>
    /// <exception cref="CheckpointFormatException">A file is damaged, or its tensors are not a UGPNet's; the message names the file.</exception>
    public static UgpNetwork Load(IReadOnlyList<string> paths, HyperParameters? hyper = null, CheckpointLimits? limits = null)
    {
        if (paths.Count is not (1 or 3))
            throw new ArgumentException($"Found {paths.Count} files; expected one that holds all, or those of resmodule, synmodule and fusmodule.", nameof(paths));
        var tensors = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        string[] prefixes = paths.Count == 1 ? [""] : ["resmodule.", "synmodule.", "fusmodule."];
        for (int i = 0; i < paths.Count; i++)
        {
            var checkpoint = Checkpoint.Load(paths[i], limits);
            hyper ??= checkpoint.Metadata.ContainsKey("hyper") ? HyperParameters.FromMetadata(checkpoint.Metadata) : null;
            foreach ((string key, CheckpointTensor tensor) in Tensors(checkpoint))
                tensors[prefixes[i] + key] = tensor;
        }

        try
        {
            return Build(tensors, hyper ?? HyperParameters.None);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointFormatException(string.Join(", ", paths), 0, $"the tensors are no UGPNet's: {e.Message}");
        }
    }

    /// <summary>Writes a network into one file.</summary>
    public static void Save(string path, UgpNetwork network, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var all = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["architecture"] = "UGPNet",
            ["hyper"] = network.Regression.Network.HyperParameters.ToJson(),
        };
        SafeTensorsFile.Write(path, network.StateDictionary(), all);
    }

    /// <summary>The network of tensors by key; the discriminator's, which published files hold too, are left out.</summary>
    public static UgpNetwork Build(IReadOnlyDictionary<string, CheckpointTensor> tensors, HyperParameters hyper)
    {
        Dictionary<string, CheckpointTensor> own = tensors
            .Where(t => !t.Key.StartsWith("synmodule.discriminator.", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        Dictionary<string, TensorShape> shapes = own.ToDictionary(t => t.Key, t => t.Value.Shape, StringComparer.Ordinal);
        using IDisposable loading = Initializer.ForLoading((2 * own.Values.Sum(t => (long)t.Length)) + Slack);
        RestorationNetwork regression = Regression(shapes, hyper);
        UgpNetwork network = new(regression, OptionsOf(shapes));
        network.LoadState(shapes, (key, values) => own[key].CopyTo(values));
        return network;
    }

    private static Dictionary<string, CheckpointTensor> Tensors(Checkpoint checkpoint)
    {
        // Dictionaries side by side keep their names; one around everything is taken off.
        IReadOnlyList<NamedTensor> named = checkpoint.NamedTensors;
        bool isWrapped = named.All(t => t.Path.Length > 1) && named.Select(t => t.Path[0]).Distinct(StringComparer.Ordinal).Count() == 1;
        return named.ToDictionary(t => string.Join('.', isWrapped ? t.Path[1..] : t.Path), t => t.Tensor, StringComparer.Ordinal);
    }

    private static RestorationNetwork Regression(Dictionary<string, TensorShape> shapes, HyperParameters hyper)
    {
        Dictionary<string, TensorShape> keys = Under(shapes, "resmodule.regression.");
        bool isResidual = keys.Count > 0;
        if (!isResidual)
            keys = Under(shapes, "resmodule.");
        ArchitectureDescriptor descriptor = Architectures.All.FirstOrDefault(d => d.Matches(keys))
            ?? throw new ArgumentException($"The regression network is none that is known here; its keys begin with {string.Join(", ", keys.Keys.Take(3).Select(k => $"'{k}'"))}.", nameof(shapes));
        // The authors' copy of HINet differs in that, which no shape tells.
        if (descriptor.Name == "HINet" && hyper.Text("second_start") is null)
            hyper = hyper.With(HyperParameters.Parse("""{ "second_start": "conv_01" }"""));
        return descriptor.Create(keys, hyper) with { HyperParameters = hyper };
    }

    private static UgpNetOptions OptionsOf(Dictionary<string, TensorShape> shapes)
    {
        int blocks = shapes.SequenceLength("synmodule.fencoder.downblocks.");
        var generator = StyleGan2Options.OfGenerator(Under(shapes, "synmodule.generator."));
        return new()
        {
            Generator = generator,
            EncoderChannels = [.. Enumerable.Range(0, blocks).Select(i => shapes.Size(string.Create(CultureInfo.InvariantCulture, $"synmodule.fencoder.downblocks.{i}.conv.0.weight"), 0))],
            SharedLatents = generator.Latents - shapes.SequenceLength("synmodule.wmodule.linear.") + 1,
            FeatureChannels = shapes.Size("fusmodule.conv.weight", 0),
            FusionBlocks = shapes.SequenceLength("fusmodule.body."),
        };
    }

    private static Dictionary<string, TensorShape> Under(Dictionary<string, TensorShape> shapes, string prefix) => shapes
        .Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(s => s.Key[prefix.Length..], s => s.Value, StringComparer.Ordinal);
}
