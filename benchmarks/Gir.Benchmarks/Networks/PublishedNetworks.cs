using Gir.Models.Backbones.Dasr;
using Gir.Models.Backbones.DnCnn;
using Gir.Models.Backbones.Hat;
using Gir.Models.Backbones.NafNet;
using Gir.Models.Backbones.Restormer;
using Gir.Models.Backbones.RrdbNet;
using Gir.Models.Backbones.Srcnn;
using Gir.Models.Backbones.SrResNet;
using Gir.Models.Backbones.SwinIr;
using Gir.Models.Backbones.Uformer;
using Gir.Models.Nn;

namespace Gir.Benchmarks.Networks;

/// <summary>The networks of the comparison, at published size and scale 1, under the names of the peer's program.</summary>
internal static class PublishedNetworks
{
    public static IReadOnlyList<(string Name, Func<Module> Create)> All { get; } =
    [
        ("SRCNN", () => new Srcnn()),
        ("SRResNet", () => new SrResNet()),
        ("DnCNN-20", () => new DnCnn(DnCnnOptions.Color)),
        ("NAFNet-32", () => new NafNet()),
        ("RRDBNetx1", () => new RrdbNet(RrdbNetOptions.Restoration)),
        ("SwinIR", () => new SwinIr()),
        ("Restormer", () => new Restormer()),
        ("Uformer-B", () => new Uformer()),
        ("HAT", () => new Hat(new HatOptions { Scale = 1 })),
        ("DASRx1", () => new Dasr(DasrOptions.Restoration)),
    ];
}
