using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Srvgg;

/// <summary>
/// Recognizes SRVGGNetCompact: nothing but 3 x 3 convolutions at the even places of "body", and slopes or nothing at the odd ones. Without slopes
/// the activation is metadata's "act_type", or LeakyReLU.
/// </summary>
internal sealed class SrvggDescriptor : ArchitectureDescriptor<SrvggOptions>
{
    /// <inheritdoc/>
    public override string Name => "SRVGGNetCompact";

    /// <inheritdoc/>
    public override string Description => "Plain convolutions for fast super-resolution (Real-ESRGAN's compact network)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<SrvggOptions>> Parameters { get; } =
    [
        Int("num_in_ch", o => o.Channels, (o, v) => o with { Channels = v }, keys => keys.Size("body.0.weight", 1)),
        Int("num_feat", o => o.Features, (o, v) => o with { Features = v }, keys => keys.Size("body.0.weight", 0)),
        Int("num_conv", o => o.Convolutions, (o, v) => o with { Convolutions = v }, keys => Convolutions(keys) - 2),
        Int("upscale", o => o.Scale, (o, v) => o with { Scale = v }, keys => Scale(keys.Size("body.0.weight", 1), Outputs(keys))),
        Choice(
            "act_type",
            o => o.Activation,
            (o, v) => o with { Activation = v },
            [("prelu", SrvggActivation.PRelu), ("relu", SrvggActivation.Relu), ("leakyrelu", SrvggActivation.LeakyRelu)],
            (keys, hyper) => keys.ContainsKey("body.1.weight") ? SrvggActivation.PRelu : hyper.Text("act_type") is null ? SrvggActivation.LeakyRelu : null),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        int convolutions = Convolutions(keys);
        if (convolutions < 2)
            return false;
        int features = keys.Size("body.0.weight", 0);
        int channels = keys.Size("body.0.weight", 1);
        for (int i = 0; i < convolutions; i++)
        {
            TensorShape shape = keys[$"body.{2 * i}.weight"];
            if (shape[1] != (i == 0 ? channels : features) || (i < convolutions - 1 && shape[0] != features))
                return false;
        }

        int slopes = keys.ContainsKey("body.1.weight") ? convolutions - 1 : 0;
        return keys.Count == (2 * convolutions) + slopes && Scale(channels, Outputs(keys)) > 0;
    }

    /// <inheritdoc/>
    protected override RestorationNetwork Build(SrvggOptions options) => new(Name, new SrvggNetCompact(options))
    {
        InputChannels = options.Channels,
        DeepLayer = $"body.{(2 * options.Convolutions) + 1}",
        OutputChannels = options.Channels,
        Scale = options.Scale,
    };

    private static int Convolutions(IReadOnlyDictionary<string, TensorShape> keys)
    {
        int count = 0;
        while (keys.TryGetValue($"body.{2 * count}.weight", out TensorShape shape) && shape.Rank == 4 && shape[2] == 3 && shape[3] == 3
            && keys.ContainsKey($"body.{2 * count}.bias"))
        {
            count++;
        }

        return count;
    }

    private static int Outputs(IReadOnlyDictionary<string, TensorShape> keys) => keys.Size($"body.{2 * (Convolutions(keys) - 1)}.weight", 0);

    // Zero where the channels are no square multiple.
    private static int Scale(int channels, int outputs)
    {
        int scale = (int)Math.Round(Math.Sqrt((double)outputs / Math.Max(channels, 1)));
        return (long)channels * scale * scale == outputs ? scale : 0;
    }
}
