using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>Tensors of a checkpoint that are those of a network, under the network's own keys.</summary>
/// <param name="Place">Where they lie: the dictionaries around them and the prefix of their keys, "state_dict/generator"; empty for the file itself.</param>
/// <param name="Descriptor">The architecture.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record NetworkInFile(string Place, ArchitectureDescriptor Descriptor, IReadOnlyDictionary<string, CheckpointTensor> Tensors)
{
    // Index tables of the tiniest networks outnumber their weights.
    private const long Slack = 1 << 14;

    // Tables that PyTorch keeps beside the weights: they follow from the configuration, and not every network here stores them.
    private static readonly string[] s_derived =
        ["attn_mask", "relative_position_index", "relative_position_index_SA", "relative_position_index_OCA", "num_batches_tracked"];

    /// <summary>The architecture's hyper-parameters come from the shapes.</summary>
    public IReadOnlyDictionary<string, TensorShape> Shapes { get; } = ShapesOf(Tensors);

    /// <summary>A key of the same dictionary that belongs to no network and is not explained by its name; null where there is none.</summary>
    public string? Stranger { get; init; }

    /// <summary>
    /// Values that the tensors hold. Views of one memory count once: whatever a file claims, a network that is loaded from it is no larger than a small
    /// multiple of what it holds.
    /// </summary>
    public long Values => ValuesOf(Tensors.Values);

    /// <inheritdoc cref="Values"/>
    public static long ValuesOf(IEnumerable<CheckpointTensor> tensors)
    {
        long own = tensors.Where(t => t.Storage is null).Sum(t => (long)t.Length);
        return own + tensors.Where(t => t.Storage is not null)
            .GroupBy(t => t.Storage, ReferenceEqualityComparer.Instance)
            .Sum(g => Math.Min(g.Sum(t => (long)t.Length), g.First().StorageLength));
    }

    /// <summary>The network, with zeros for weights.</summary>
    /// <param name="hyper">What the shapes do not say.</param>
    /// <param name="isCompact">Whether it is for inference alone: zeros of large weights then take no memory.</param>
    /// <exception cref="ArgumentException">The tensors contradict one another, or describe a network larger than what they hold.</exception>
    public RestorationNetwork Build(HyperParameters hyper, bool isCompact)
    {
        foreach ((string key, TensorShape shape) in Shapes)
        {
            if (shape.Length == 0)
                throw new ArgumentException($"The checkpoint's tensor '{key}' is {shape}; no part of a network is empty.", nameof(hyper));
        }

        using IDisposable loading = Initializer.ForLoading((2 * Values) + Slack, isCompact);
        return Descriptor.Create(Shapes, hyper) with { HyperParameters = hyper };
    }

    /// <summary>The network with the tensors' values.</summary>
    /// <param name="hyper">What the shapes do not say.</param>
    /// <param name="compact">See <see cref="ModelZooOptions.CompactWeights"/>.</param>
    /// <exception cref="ArgumentException">The tensors contradict one another, or are not those of the network that they describe.</exception>
    public RestorationNetwork Load(HyperParameters hyper, bool? compact)
    {
        RestorationNetwork network = Build(hyper, CompactWeights.Pay(compact, Tensors.Values));
        network.Module.LoadState(Needed(network), (key, values) => Tensors[key].CopyTo(values));
        return network;
    }

    /// <summary>Whether the tensors are exactly those of a network that makes images of images.</summary>
    public bool IsWhole()
    {
        try
        {
            RestorationNetwork network = Build(HyperParameters.None, isCompact: true);
            network.Module.CheckState(Needed(network));
            return network.InputChannels is 1 or 3 && network.OutputChannels is 1 or 3;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private Dictionary<string, TensorShape> Needed(RestorationNetwork network)
    {
        HashSet<string> own = [.. network.Module.StateDictionary().Select(e => e.Key)];
        return Shapes
            .Where(s => own.Contains(s.Key) || !s_derived.Contains(s.Key[(s.Key.LastIndexOf('.') + 1)..]))
            .ToDictionary(StringComparer.Ordinal);
    }

    public static Dictionary<string, TensorShape> ShapesOf(IReadOnlyDictionary<string, CheckpointTensor> tensors) =>
        tensors.ToDictionary(t => t.Key, t => t.Value.Shape, StringComparer.Ordinal);
}
