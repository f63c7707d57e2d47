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

namespace Gir.Models.Zoo;

/// <summary>The registry: every architecture that Gir recognizes.</summary>
internal static class Architectures
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
}
