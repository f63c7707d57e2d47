using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Srcnn;

/// <summary>Recognizes SRCNN: exactly the three convolutions conv1, conv2, conv3.</summary>
internal sealed class SrcnnDescriptor : ArchitectureDescriptor<SrcnnOptions>
{
    /// <inheritdoc/>
    public override string Name => "SRCNN";

    /// <inheritdoc/>
    public override string Description => "Three convolutions (Dong et al. 2014)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<SrcnnOptions>> Parameters { get; } =
    [
        Int("channels", o => o.Channels, (o, v) => o with { Channels = v }, keys => keys.Size("conv1.weight", 1)),
        Ints(
            "kernels",
            o => [o.Kernel1, o.Kernel2, o.Kernel3],
            (o, v) => v is [int first, int second, int third] ? o with { Kernel1 = first, Kernel2 = second, Kernel3 = third } : throw Count("kernels", v, 3),
            keys => [keys.Size("conv1.weight", 2), keys.Size("conv2.weight", 2), keys.Size("conv3.weight", 2)]),
        Ints(
            "features",
            o => [o.Features1, o.Features2],
            (o, v) => v is [int first, int second] ? o with { Features1 = first, Features2 = second } : throw Count("features", v, 2),
            keys => [keys.Size("conv1.weight", 0), keys.Size("conv2.weight", 0)]),
        Flag("identity_start", o => o.StartsAsIdentity, (o, v) => o with { StartsAsIdentity = v }, _ => false),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.Count == 6 && keys.IsConvolution("conv1.weight") && keys.IsConvolution("conv2.weight") && keys.IsConvolution("conv3.weight")
        && keys.ContainsAll("conv1.bias", "conv2.bias", "conv3.bias");

    /// <inheritdoc/>
    protected override RestorationNetwork Build(SrcnnOptions options) => new(Name, new Srcnn(options))
    {
        InputChannels = options.Channels,
        DeepLayer = "conv2",
        OutputChannels = options.Channels,
    };

    private static ArgumentException Count(string name, IReadOnlyList<int> found, int expected) =>
        new($"Hyper-parameter '{name}': found {found.Count} numbers; expected {expected}.", "hyper");
}
