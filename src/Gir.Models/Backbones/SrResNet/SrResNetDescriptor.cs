using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.SrResNet;

/// <summary>Recognizes SRResNet / MSRResNet: residual blocks between conv_first and conv_hr, conv_last.</summary>
internal sealed class SrResNetDescriptor : ArchitectureDescriptor<SrResNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "SRResNet";

    /// <inheritdoc/>
    public override string Description => "Residual network without batch normalization, scale 1 to 4 (Ledig et al. 2017; MSRResNet of BasicSR)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<SrResNetOptions>> Parameters { get; } =
    [
        Int("num_in_ch", o => o.InputChannels, (o, v) => o with { InputChannels = v }, keys => keys.Size("conv_first.weight", 1)),
        Int("num_out_ch", o => o.OutputChannels, (o, v) => o with { OutputChannels = v }, keys => keys.Size("conv_last.weight", 0)),
        Int("num_feat", o => o.Features, (o, v) => o with { Features = v }, keys => keys.Size("conv_first.weight", 0)),
        Int("num_block", o => o.Blocks, (o, v) => o with { Blocks = v }, keys => keys.SequenceLength("body.")),
        Int("upscale", o => o.Scale, (o, v) => o with { Scale = v }, ScaleOf),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("conv_first.weight", "body.0.conv1.weight", "body.0.conv2.weight", "conv_hr.weight", "conv_last.weight")
        && !keys.ContainsKey("body.0.conv3.weight");

    /// <inheritdoc/>
    protected override RestorationNetwork Build(SrResNetOptions options) => new(Name, new SrResNet(options))
    {
        InputChannels = options.InputChannels,
        DeepLayer = "body",
        OutputChannels = options.OutputChannels,
        Scale = options.Scale,
    };

    private static int ScaleOf(IReadOnlyDictionary<string, TensorShape> keys)
    {
        if (keys.ContainsKey("upconv2.weight"))
            return 4;
        return keys.ContainsKey("upconv1.weight")
            ? (int)Math.Round(Math.Sqrt((double)keys.Size("upconv1.weight", 0) / Math.Max(keys.Size("conv_first.weight", 0), 1)))
            : 1;
    }
}
