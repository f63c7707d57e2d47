using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.RrdbNet;

/// <summary>Recognises RRDBNet in its three spellings; four or sixteen times the output's channels at the input mean pixel unshuffling.</summary>
public sealed class RrdbNetDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "RRDBNet";

    /// <inheritdoc/>
    public override string Description => "Residual-in-residual dense network (ESRGAN, Real-ESRGAN, BSRGAN; scale 1 of general restoration)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) => Spelling(keys) is not null;

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        RrdbKeys spelling = Spelling(keys) ?? throw new ArgumentException("The keys are not those of an RRDBNet.", nameof(keys));
        var options = new RrdbNetOptions { Keys = spelling };
        options = options with
        {
            Blocks = spelling switch
            {
                RrdbKeys.BasicSr => keys.SequenceLength("body."),
                RrdbKeys.Trunk => keys.SequenceLength("RRDB_trunk."),
                // The convolution after the trunk has the next number of the same list.
                _ => keys.SequenceLength("model.1.sub.") - 1,
            },
            UpConvolutions = UpConvolutions(keys, spelling),
        };
        RrdbKeyNames names = RrdbKeyNames.Of(options);
        int input = keys.Size(names.First + ".weight", 1);
        int output = keys.Size(names.Last + ".weight", 0);
        int unshuffle = input == 4 * output ? 2 : input == 16 * output ? 4 : 1;
        return Build(options with
        {
            InputChannels = input / (unshuffle * unshuffle),
            OutputChannels = output,
            Features = keys.Size(names.First + ".weight", 0),
            Growth = keys.Size($"{names.Block(0)}.{names.DenseBlock}1.conv1{names.DenseSuffix}.weight", 0),
            Unshuffle = unshuffle,
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = RrdbNetOptions.ForScale(hyper.Int("scale") ?? 4);
        if (hyper.Int("num_upconv") is { } ups)
            options = options with { UpConvolutions = ups, Unshuffle = 1 };
        return Build(options with
        {
            InputChannels = hyper.Int("num_in_ch") ?? options.InputChannels,
            OutputChannels = hyper.Int("num_out_ch") ?? options.OutputChannels,
            Features = hyper.Int("num_feat") ?? options.Features,
            Blocks = hyper.Int("num_block") ?? options.Blocks,
            Growth = hyper.Int("num_grow_ch") ?? options.Growth,
        });
    }

    private static RrdbKeys? Spelling(IReadOnlyDictionary<string, TensorShape> keys)
    {
        if (keys.ContainsAll("conv_first.weight", "body.0.rdb1.conv1.weight", "conv_body.weight", "conv_hr.weight", "conv_last.weight"))
            return RrdbKeys.BasicSr;
        if (keys.ContainsAll("conv_first.weight", "RRDB_trunk.0.RDB1.conv1.weight", "trunk_conv.weight", "HRconv.weight", "conv_last.weight"))
            return RrdbKeys.Trunk;
        return keys.ContainsAll("model.0.weight", "model.1.sub.0.RDB1.conv1.0.weight") ? RrdbKeys.Numbered : null;
    }

    private static int UpConvolutions(IReadOnlyDictionary<string, TensorShape> keys, RrdbKeys spelling)
    {
        string pattern = spelling switch { RrdbKeys.BasicSr => "conv_up", RrdbKeys.Trunk => "upconv", _ => "" };
        int count = 0;
        if (pattern.Length == 0)
        {
            while (keys.ContainsKey($"model.{(3 * count) + 3}.weight"))
                count++;
        }
        else
        {
            while (keys.ContainsKey($"{pattern}{count + 1}.weight"))
                count++;
        }

        return count;
    }

    private RestorationNetwork Build(RrdbNetOptions options) => new(Name, new RrdbNet(options))
    {
        InputChannels = options.InputChannels,
        OutputChannels = options.OutputChannels,
        Scale = (1 << options.UpConvolutions) / options.Unshuffle,
        SizeMultiple = options.Unshuffle,
        Configuration = options.ToString(),
    };
}
