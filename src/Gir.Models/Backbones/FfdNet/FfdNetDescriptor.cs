using Gir.Models.Backbones.DnCnn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.FfdNet;

/// <summary>Recognizes FFDNet: KAIR's chain from 4 c + 1 channels to 4 c.</summary>
internal sealed class FfdNetDescriptor : ArchitectureDescriptor<FfdNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "FFDNet";

    /// <inheritdoc/>
    public override string Description => "Denoising for a given noise level (Zhang et al. 2018; KAIR)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<FfdNetOptions>> Parameters { get; } =
    [
        Int("in_nc", o => o.Channels, (o, v) => o with { Channels = v }, keys => KairChain.Of(keys).OutputChannels / 4),
        Int("nc", o => o.Features, (o, v) => o with { Features = v }, keys => KairChain.Of(keys).Features, o => Published(o).Features),
        Int("nb", o => o.Layers, (o, v) => o with { Layers = v }, keys => KairChain.Of(keys).Layers, o => Published(o).Layers),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        KairChain.Read(keys) is { BatchNormalization: false } chain && chain.OutputChannels is 4 or 12 && chain.InputChannels == chain.OutputChannels + 1;

    /// <inheritdoc/>
    protected override RestorationNetwork Build(FfdNetOptions options) => new(Name, new FfdNet(options))
    {
        InputChannels = options.Channels,
        DeepLayer = $"model.{(2 * options.Layers) - 3}",
        OutputChannels = options.Channels,
        Size = new() { Padding = TensorPadMode.Replicate },
        TakesNoiseMap = true,
    };

    private static FfdNetOptions Published(FfdNetOptions options) => options.Channels == 3 ? FfdNetOptions.Color : new FfdNetOptions();
}
