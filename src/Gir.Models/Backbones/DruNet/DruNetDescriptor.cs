using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.DruNet;

/// <summary>Recognizes DRUNet with strided and transposed convolutions between levels, as published.</summary>
internal sealed class DruNetDescriptor : ArchitectureDescriptor<DruNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "DRUNet";

    /// <inheritdoc/>
    public override string Description => "Residual U-Net denoiser for a given noise level (Zhang et al. 2021; KAIR)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<DruNetOptions>> Parameters { get; } =
    [
        Int("in_nc", o => o.InputChannels, (o, v) => o with { InputChannels = v }, keys => keys.Size("m_head.weight", 1)),
        Int("out_nc", o => o.OutputChannels, (o, v) => o with { OutputChannels = v }, keys => keys.Size("m_tail.weight", 0)),
        Ints(
            "nc",
            o => o.Features,
            (o, v) => o with { Features = v },
            keys => [keys.Size("m_head.weight", 0), keys.Size("m_up2.0.weight", 1), keys.Size("m_up3.0.weight", 1), keys.Size("m_up3.0.weight", 0)]),
        Int("nb", o => o.Blocks, (o, v) => o with { Blocks = v }, keys => keys.SequenceLength("m_down1.") - 1),
        Flag("bias", o => o.Bias, (o, v) => o with { Bias = v }, keys => keys.ContainsKey("m_head.bias")),
        Flag("residual", o => o.Residual, (o, v) => o with { Residual = v }),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("m_head.weight", "m_tail.weight", "m_up1.0.weight", "m_up2.0.weight", "m_up3.0.weight", "m_down1.0.res.0.weight")
        && keys.TryGetValue($"m_down1.{keys.SequenceLength("m_down1.") - 1}.weight", out TensorShape down)
        && down.Rank == 4 && down[2] == 2 && down[3] == 2;

    /// <inheritdoc/>
    protected override RestorationNetwork Build(DruNetOptions options) => new(Name, new DruNet(options))
    {
        InputChannels = options.OutputChannels,
        DeepLayer = "m_up1",
        OutputChannels = options.OutputChannels,
        Size = new() { Multiple = 8, Padding = TensorPadMode.Replicate },
        TakesNoiseMap = options.InputChannels == options.OutputChannels + 1,
    };
}
