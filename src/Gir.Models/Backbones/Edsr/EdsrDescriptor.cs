using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Edsr;

/// <summary>Recognizes EDSR with BasicSR's keys. The residuals' scale leaves no trace: metadata "res_scale", or the published 0.1 from 256 channels on.</summary>
internal sealed class EdsrDescriptor : ArchitectureDescriptor<EdsrOptions>
{
    /// <inheritdoc/>
    public override string Name => "EDSR";

    /// <inheritdoc/>
    public override string Description => "Enhanced deep residual network, scale 2 to 8 (Lim et al. 2017)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<EdsrOptions>> Parameters { get; } =
    [
        Int("num_in_ch", o => o.InputChannels, (o, v) => o with { InputChannels = v }, keys => keys.Size("conv_first.weight", 1)),
        Int("num_out_ch", o => o.OutputChannels, (o, v) => o with { OutputChannels = v }, keys => keys.Size("conv_last.weight", 0)),
        Int("num_feat", o => o.Features, (o, v) => o with { Features = v }, keys => keys.Size("conv_first.weight", 0)),
        Int("num_block", o => o.Blocks, (o, v) => o with { Blocks = v }, keys => keys.SequenceLength("body.")),
        Int("upscale", o => o.Scale, (o, v) => o with { Scale = v }, ScaleOf),
        Number("res_scale", o => o.ResidualScale, (o, v) => o with { ResidualScale = (float)v }, otherwise: o => o.Features >= 256 ? 0.1 : 1),
        Number("img_range", o => o.ImageRange, (o, v) => o with { ImageRange = (float)v }),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("conv_first.weight", "body.0.conv1.weight", "body.0.conv2.weight", "conv_after_body.weight", "conv_last.weight")
        && !keys.ContainsKey("conv_hr.weight");

    /// <inheritdoc/>
    protected override RestorationNetwork Build(EdsrOptions options) => new(Name, new Edsr(options))
    {
        InputChannels = options.InputChannels,
        DeepLayer = "body",
        OutputChannels = options.OutputChannels,
        Scale = options.Scale,
    };

    private static int ScaleOf(IReadOnlyDictionary<string, TensorShape> keys)
    {
        int steps = 0;
        while (keys.ContainsKey($"upsample.{2 * steps}.weight"))
            steps++;
        return steps == 1 && keys.Size("upsample.0.weight", 0) == 9L * keys.Size("conv_first.weight", 0) ? 3 : 1 << Math.Min(steps, 30);
    }
}
