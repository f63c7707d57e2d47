using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>What <see cref="ModelZoo"/> is told beside the checkpoint.</summary>
public sealed record ModelZooOptions
{
    /// <summary>Values for what shapes cannot say, by the official constructor's argument names; they win over the checkpoint's own. Default: none.</summary>
    public HyperParameters HyperParameters { get; init; } = HyperParameters.None;

    /// <summary>The architecture's name, where it is not to be guessed; default null: recognized from the keys.</summary>
    public string? Architecture { get; init; }

    /// <summary>
    /// Which network of the checkpoint to take, by the dictionary around it or the beginning of its keys, or a part of both: "params" beside "params_ema",
    /// "generator", "state_dict/net_g". Default null: the only one, or the one that trainers mean to be used (averaged weights, no discriminator).
    /// </summary>
    public string? Wrapper { get; init; }

    /// <summary>The name in <see cref="RestorerInfo"/>; default null: the text "name" of the checkpoint's metadata, the file's name without extension, or the architecture's.</summary>
    public string? Name { get; init; }

    /// <summary>How images are restored.</summary>
    public NetworkRestorerOptions Restoration { get; init; } = new();

    /// <summary>The engine that the network lives on, e.g. one with a GPU; default null: <see cref="TensorBackend.Default"/>.</summary>
    public TensorBackend? Backend { get; init; }

    /// <summary>
    /// Whether weights of convolutions and linear layers that all fit into 16 bits (halves, or bfloat16) stay in them, at half of the memory; each is widened when its layer runs,
    /// exactly, so that no result changes. Such a network restores and explains, and cannot be trained. Default null: where it pays, at more than 50 million values in 16 bits that are most of the
    /// network's; <see cref="ModelZoo.LoadNetwork"/> does it only when told to.
    /// </summary>
    public bool? CompactWeights { get; init; }

    /// <summary>What a checkpoint may ask for.</summary>
    public CheckpointLimits Limits { get; init; } = CheckpointLimits.Default;
}
