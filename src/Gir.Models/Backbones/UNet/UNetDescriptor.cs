using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.UNet;

/// <summary>Recognizes the U-Net of Uformer's repository.</summary>
internal sealed class UNetDescriptor : ArchitectureDescriptor<UNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "UNet";

    /// <inheritdoc/>
    public override string Description => "Plain U-Net (Ronneberger et al. 2015; Uformer's repository)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<UNetOptions>> Parameters { get; } =
    [
        Int("dim", o => o.Features, (o, v) => o with { Features = v }, keys => keys.Size("ConvBlock1.block.0.weight", 0)),
        Int("in_chans", o => o.Channels, (o, v) => o with { Channels = v }, keys => keys.Size("ConvBlock1.block.0.weight", 1)),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("ConvBlock1.block.0.weight", "ConvBlock1.conv11.weight", "pool1.weight", "upv6.weight", "ConvBlock9.block.0.weight", "conv10.weight");

    /// <inheritdoc/>
    protected override RestorationNetwork Build(UNetOptions options) => new(Name, new UNet(options))
    {
        InputChannels = options.Channels,
        DeepLayer = "ConvBlock9",
        OutputChannels = options.Channels,
        Size = new() { Multiple = 16 },
    };
}
