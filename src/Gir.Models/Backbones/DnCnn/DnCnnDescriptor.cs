using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.DnCnn;

/// <summary>
/// Recognizes KAIR's chains: DnCNN (as many inputs as outputs), IRCNN (the same with exactly seven layers, unless "nb" is given, an argument of DnCNN
/// alone) and FDnCNN (one more input).
/// </summary>
internal sealed class DnCnnDescriptor : ArchitectureDescriptor<DnCnnOptions>
{
    private const int IrCnnLayers = 7;

    /// <inheritdoc/>
    public override string Name => "DnCNN";

    /// <inheritdoc/>
    public override string Description => "Residual denoisers DnCNN, IRCNN and FDnCNN (Zhang et al. 2017; KAIR)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<DnCnnOptions>> Parameters { get; } =
    [
        Int("in_nc", o => o.InputChannels, (o, v) => o with { InputChannels = v }, keys => KairChain.Of(keys).InputChannels),
        Int(
            "out_nc",
            o => o.OutputChannels,
            (o, v) => o with { OutputChannels = v, PredictsNoise = v == o.InputChannels },
            keys => KairChain.Of(keys).OutputChannels,
            o => o.InputChannels),
        Int("nc", o => o.Features, (o, v) => o with { Features = v }, keys => KairChain.Of(keys).Features),
        Int("nb", o => o.Layers, (o, v) => o with { Layers = v }, keys => KairChain.Of(keys).Layers, o => o.OutputChannels == 3 ? 20 : 17),
        Choice(
            "act_mode",
            o => o.BatchNormalization,
            (o, v) => o with { BatchNormalization = v },
            [("R", false), ("BR", true)],
            (keys, _) => KairChain.Of(keys).BatchNormalization),
        // Seven plain layers are IRCNN's published depth and no DnCNN's.
        new(
            "dilations",
            (o, keys, hyper) => keys is not null && o is { PredictsNoise: true, Layers: IrCnnLayers, BatchNormalization: false } && hyper.Int("nb") is null
                ? o with { Dilations = DnCnnOptions.IrCnn(1).Dilations }
                : o,
            o => o.Dilations is null ? null : "[" + string.Join(", ", o.Dilations) + "]"),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        KairChain.Read(keys) is { } chain
        && (chain.InputChannels == chain.OutputChannels || (chain.InputChannels == chain.OutputChannels + 1 && chain.OutputChannels is 1 or 3));

    /// <inheritdoc/>
    protected override RestorationNetwork Build(DnCnnOptions options) =>
        new(options.Dilations is not null ? "IRCNN" : options.PredictsNoise ? Name : "FDnCNN", new DnCnn(options))
        {
            InputChannels = options.OutputChannels,
            DeepLayer = $"model.{(options.BatchNormalization ? (3 * options.Layers) - 5 : (2 * options.Layers) - 3)}",
            OutputChannels = options.OutputChannels,
            TakesNoiseMap = !options.PredictsNoise,
        };
}
