using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.UNet;

/// <summary>Recognises the U-Net of Uformer's repository.</summary>
public sealed class UNetDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "UNet";

    /// <inheritdoc/>
    public override string Description => "Plain U-Net (Ronneberger et al. 2015; Uformer's repository)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("ConvBlock1.block.0.weight", "ConvBlock1.conv11.weight", "pool1.weight", "upv6.weight", "ConvBlock9.block.0.weight", "conv10.weight");

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper) => Build(new UNetOptions
    {
        Features = keys.Size("ConvBlock1.block.0.weight", 0),
        Channels = keys.Size("ConvBlock1.block.0.weight", 1),
    });

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        return Build(new UNetOptions { Features = hyper.Int("dim") ?? 32, Channels = hyper.Int("in_chans") ?? 3 });
    }

    private RestorationNetwork Build(UNetOptions options) => new(Name, new UNet(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        SizeMultiple = 16,
        Configuration = options.ToString(),
    };
}
