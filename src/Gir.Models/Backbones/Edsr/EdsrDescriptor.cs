using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Edsr;

/// <summary>Recognises EDSR with BasicSR's keys. The residuals' scale leaves no trace: metadata "res_scale", or the published 0.1 from 256 channels on.</summary>
public sealed class EdsrDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "EDSR";

    /// <inheritdoc/>
    public override string Description => "Enhanced deep residual network, scale 2 to 8 (Lim et al. 2017)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("conv_first.weight", "body.0.conv1.weight", "body.0.conv2.weight", "conv_after_body.weight", "conv_last.weight")
        && !keys.ContainsKey("conv_hr.weight");

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        int features = keys.Size("conv_first.weight", 0);
        int steps = 0;
        while (keys.ContainsKey($"upsample.{2 * steps}.weight"))
            steps++;
        int scale = steps == 1 && keys.Size("upsample.0.weight", 0) == 9 * features ? 3 : 1 << Math.Min(steps, 30);
        return Build(new EdsrOptions
        {
            InputChannels = keys.Size("conv_first.weight", 1),
            OutputChannels = keys.Size("conv_last.weight", 0),
            Features = features,
            Blocks = keys.SequenceLength("body."),
            Scale = scale,
            ResidualScale = (float)(hyper.Number("res_scale") ?? DefaultResidualScale(features)),
            ImageRange = (float)(hyper.Number("img_range") ?? 255),
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new EdsrOptions();
        int features = hyper.Int("num_feat") ?? options.Features;
        return Build(options with
        {
            InputChannels = hyper.Int("num_in_ch") ?? options.InputChannels,
            OutputChannels = hyper.Int("num_out_ch") ?? options.OutputChannels,
            Features = features,
            Blocks = hyper.Int("num_block") ?? options.Blocks,
            Scale = hyper.Int("upscale") ?? options.Scale,
            ResidualScale = (float)(hyper.Number("res_scale") ?? DefaultResidualScale(features)),
            ImageRange = (float)(hyper.Number("img_range") ?? options.ImageRange),
        });
    }

    private static double DefaultResidualScale(int features) => features >= 256 ? 0.1 : 1;

    private RestorationNetwork Build(EdsrOptions options) => new(Name, new Edsr(options))
    {
        InputChannels = options.InputChannels,
        OutputChannels = options.OutputChannels,
        Scale = options.Scale,
        Configuration = options.ToString(),
    };
}
