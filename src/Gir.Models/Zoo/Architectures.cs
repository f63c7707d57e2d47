using Gir.Models.Backbones.Dasr;
using Gir.Models.Backbones.DnCnn;
using Gir.Models.Backbones.DruNet;
using Gir.Models.Backbones.Edsr;
using Gir.Models.Backbones.FfdNet;
using Gir.Models.Backbones.GirNet;
using Gir.Models.Backbones.Hat;
using Gir.Models.Backbones.HiNet;
using Gir.Models.Backbones.NafNet;
using Gir.Models.Backbones.Restormer;
using Gir.Models.Backbones.RrdbNet;
using Gir.Models.Backbones.Srcnn;
using Gir.Models.Backbones.SrResNet;
using Gir.Models.Backbones.Srvgg;
using Gir.Models.Backbones.SwinIr;
using Gir.Models.Backbones.Uformer;
using Gir.Models.Backbones.UNet;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>The registry: every architecture that Gir recognises.</summary>
public static class Architectures
{
    /// <summary>All descriptors, in the order in which they are asked.</summary>
    public static IReadOnlyList<ArchitectureDescriptor> All { get; } =
    [
        new SrcnnDescriptor(),
        new SrResNetDescriptor(),
        new EdsrDescriptor(),
        new RrdbNetDescriptor(),
        new SrvggDescriptor(),
        new DnCnnDescriptor(),
        new FfdNetDescriptor(),
        new DruNetDescriptor(),
        new UNetDescriptor(),
        new NafNetDescriptor(),
        new HiNetDescriptor(),
        new DasrDescriptor(),
        new SwinIrDescriptor(),
        new RestormerDescriptor(),
        new UformerDescriptor(),
        new HatDescriptor(),
        new GirNetDescriptor(),
    ];

    /// <summary>The descriptor of a name, capitals aside.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static ArchitectureDescriptor Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no architecture '{name}'; there are {string.Join(", ", All.Select(d => d.Name))}.", nameof(name));
    }

    /// <summary>The descriptor that recognises a checkpoint's tensors, or null.</summary>
    /// <param name="keys">Shapes by full key.</param>
    public static ArchitectureDescriptor? Recognize(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return All.FirstOrDefault(d => d.Matches(keys));
    }

    /// <summary>Recognises a checkpoint's tensors, builds their network and loads them. Memory is bounded by the checkpoint's own size.</summary>
    /// <param name="state">Values by full key, unwrapped.</param>
    /// <param name="hyper">Values for what shapes cannot say; null means none.</param>
    /// <exception cref="ArgumentException">No architecture fits, or the tensors contradict one another; the message says which.</exception>
    public static RestorationNetwork Load(IReadOnlyDictionary<string, Tensor> state, HyperParameters? hyper = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var keys = new Dictionary<string, TensorShape>(StringComparer.Ordinal);
        long values = 0;
        foreach ((string key, Tensor tensor) in state)
        {
            keys[key] = tensor.Shape;
            values += tensor.Length;
        }

        ArchitectureDescriptor descriptor = Recognize(keys) ?? throw new ArgumentException(
            $"No architecture has these {keys.Count} tensors ({string.Join(", ", keys.Keys.Take(5))}, ..); "
            + $"known are {string.Join(", ", All.Select(d => d.Name))}.", nameof(state));
        RestorationNetwork network;
        using (Initializer.ForLoading(values))
            network = descriptor.Create(keys, hyper ?? HyperParameters.None);
        network.Module.LoadState(state);
        return network;
    }
}
