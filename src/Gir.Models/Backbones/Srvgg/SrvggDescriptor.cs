using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Srvgg;

/// <summary>
/// Recognises SRVGGNetCompact: nothing but 3 x 3 convolutions at the even places of "body", and slopes or nothing at the odd ones. Without slopes
/// the activation is metadata's "act_type", or LeakyReLU.
/// </summary>
public sealed class SrvggDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "SRVGGNetCompact";

    /// <inheritdoc/>
    public override string Description => "Plain convolutions for fast super-resolution (Real-ESRGAN's compact network)";

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

        int outputs = keys.Size($"body.{2 * (convolutions - 1)}.weight", 0);
        int slopes = keys.ContainsKey("body.1.weight") ? convolutions - 1 : 0;
        return keys.Count == (2 * convolutions) + slopes && Scale(channels, outputs) > 0;
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        int convolutions = Convolutions(keys);
        int channels = keys.Size("body.0.weight", 1);
        return Build(new SrvggOptions
        {
            Channels = channels,
            Features = keys.Size("body.0.weight", 0),
            Convolutions = convolutions - 2,
            Scale = Scale(channels, keys.Size($"body.{2 * (convolutions - 1)}.weight", 0)),
            Activation = keys.ContainsKey("body.1.weight") ? SrvggActivation.PRelu : Activation(hyper.Text("act_type") ?? "leakyrelu"),
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new SrvggOptions();
        return Build(options with
        {
            Channels = hyper.Int("num_in_ch") ?? options.Channels,
            Features = hyper.Int("num_feat") ?? options.Features,
            Convolutions = hyper.Int("num_conv") ?? options.Convolutions,
            Scale = hyper.Int("upscale") ?? options.Scale,
            Activation = Activation(hyper.Text("act_type") ?? "prelu"),
        });
    }

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

    // Zero where the channels are no square multiple.
    private static int Scale(int channels, int outputs)
    {
        int scale = (int)Math.Round(Math.Sqrt((double)outputs / Math.Max(channels, 1)));
        return channels * scale * scale == outputs ? scale : 0;
    }

    private static SrvggActivation Activation(string name) => name switch
    {
        "prelu" => SrvggActivation.PRelu,
        "relu" => SrvggActivation.Relu,
        "leakyrelu" => SrvggActivation.LeakyRelu,
        _ => throw new ArgumentException($"SRVGGNetCompact: found act_type '{name}'; expected prelu, relu or leakyrelu.", nameof(name)),
    };

    private RestorationNetwork Build(SrvggOptions options) => new(Name, new SrvggNetCompact(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        Scale = options.Scale,
        Configuration = options.ToString(),
    };
}
