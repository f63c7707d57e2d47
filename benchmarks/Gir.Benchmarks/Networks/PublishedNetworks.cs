using Gir.Models.Zoo;

namespace Gir.Benchmarks.Networks;

/// <summary>A network of the comparison.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Architecture">Its name in the zoo.</param>
/// <param name="Settings">Hyper-parameters, as JSON.</param>
internal sealed record PublishedNetwork(string Name, string Architecture, string Settings = "{}")
{
    /// <summary>Makes it on the thread's engine; its weights are random and always the same.</summary>
    public RestorationNetwork Create() => ModelZoo.CreateNetwork(Architecture, HyperParameters.Parse(Settings));
}

/// <summary>The networks of the comparison, at published size and scale 1.</summary>
internal static class PublishedNetworks
{
    public static IReadOnlyList<PublishedNetwork> All { get; } =
    [
        new("SRCNN", "SRCNN"),
        new("SRResNet", "SRResNet", """{"upscale": 1}"""),
        new("DnCNN-20", "DnCNN", """{"in_nc": 3, "out_nc": 3, "nb": 20}"""),
        new("NAFNet-32", "NAFNet"),
        new("RRDBNetx1", "RRDBNet", """{"scale": 1, "num_upconv": 0}"""),
        new("SwinIR", "SwinIR", """{"upscale": 1}"""),
        new("Restormer", "Restormer"),
        new("Uformer-B", "Uformer"),
        new("HAT", "HAT", """{"upscale": 1}"""),
        new("DASRx1", "DASR", """{"scale": 1}"""),
    ];
}
