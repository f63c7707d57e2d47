using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.SrResNet;

/// <summary>Recognises SRResNet / MSRResNet: residual blocks between conv_first and conv_hr, conv_last.</summary>
public sealed class SrResNetDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "SRResNet";

    /// <inheritdoc/>
    public override string Description => "Residual network without batch normalisation, scale 1 to 4 (Ledig et al. 2017; MSRResNet of BasicSR)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("conv_first.weight", "body.0.conv1.weight", "body.0.conv2.weight", "conv_hr.weight", "conv_last.weight")
        && !keys.ContainsKey("body.0.conv3.weight");

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        int features = keys.Size("conv_first.weight", 0);
        int scale = 1;
        if (keys.ContainsKey("upconv2.weight"))
            scale = 4;
        else if (keys.ContainsKey("upconv1.weight"))
            scale = (int)Math.Round(Math.Sqrt((double)keys.Size("upconv1.weight", 0) / Math.Max(features, 1)));
        return Build(new SrResNetOptions
        {
            InputChannels = keys.Size("conv_first.weight", 1),
            OutputChannels = keys.Size("conv_last.weight", 0),
            Features = features,
            Blocks = keys.SequenceLength("body."),
            Scale = scale,
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new SrResNetOptions();
        return Build(options with
        {
            InputChannels = hyper.Int("num_in_ch") ?? options.InputChannels,
            OutputChannels = hyper.Int("num_out_ch") ?? options.OutputChannels,
            Features = hyper.Int("num_feat") ?? options.Features,
            Blocks = hyper.Int("num_block") ?? options.Blocks,
            Scale = hyper.Int("upscale") ?? options.Scale,
        });
    }

    private RestorationNetwork Build(SrResNetOptions options) => new(Name, new SrResNet(options))
    {
        InputChannels = options.InputChannels,
        OutputChannels = options.OutputChannels,
        Scale = options.Scale,
        Configuration = options.ToString(),
    };
}
