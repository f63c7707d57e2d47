using System.Globalization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.RrdbNet;

/// <summary>Recognizes RRDBNet in its three spellings; four or sixteen times the output's channels at the input mean pixel unshuffling.</summary>
internal sealed class RrdbNetDescriptor : ArchitectureDescriptor<RrdbNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "RRDBNet";

    /// <inheritdoc/>
    public override string Description => "Residual-in-residual dense network (ESRGAN, Real-ESRGAN, BSRGAN; scale 1 of general restoration)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<RrdbNetOptions>> Parameters { get; } =
    [
        new("scale", ReadScale, o => ((1 << o.UpConvolutions) / o.Unshuffle).ToString(CultureInfo.InvariantCulture)),
        Int("num_out_ch", o => o.OutputChannels, (o, v) => o with { OutputChannels = v }, keys => keys.Size(Names(keys).Last + ".weight", 0)),
        new(
            "num_in_ch",
            (o, keys, hyper) => keys is null ? o with { InputChannels = hyper.Int("num_in_ch") ?? o.InputChannels } : ReadInput(o, keys.Size(Names(keys).First + ".weight", 1)),
            o => o.InputChannels.ToString(CultureInfo.InvariantCulture)),
        Int("num_feat", o => o.Features, (o, v) => o with { Features = v }, keys => keys.Size(Names(keys).First + ".weight", 0)),
        Int("num_block", o => o.Blocks, (o, v) => o with { Blocks = v }, Blocks),
        Int("num_grow_ch", o => o.Growth, (o, v) => o with { Growth = v }, Growth),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) => Spelling(keys) is not null;

    /// <inheritdoc/>
    protected override RestorationNetwork Build(RrdbNetOptions options) => new(Name, new RrdbNet(options))
    {
        InputChannels = options.InputChannels,
        DeepLayer = RrdbKeyNames.Of(options).Body,
        OutputChannels = options.OutputChannels,
        Scale = (1 << options.UpConvolutions) / options.Unshuffle,
        Size = new() { Multiple = options.Unshuffle },
    };

    // From settings the enlargement follows from the scale, unless "num_upconv" gives it.
    private static RrdbNetOptions ReadScale(RrdbNetOptions options, IReadOnlyDictionary<string, TensorShape>? keys, HyperParameters hyper)
    {
        if (keys is not null)
            return options with { Keys = Spelling(keys) ?? RrdbKeys.BasicSr, UpConvolutions = UpConvolutions(keys) };
        options = RrdbNetOptions.ForScale(hyper.Int("scale") ?? 4);
        return hyper.Int("num_upconv") is { } ups ? options with { UpConvolutions = ups, Unshuffle = 1 } : options;
    }

    private static RrdbNetOptions ReadInput(RrdbNetOptions options, int input)
    {
        int unshuffle = input == 4L * options.OutputChannels ? 2 : input == 16L * options.OutputChannels ? 4 : 1;
        return options with { InputChannels = input / (unshuffle * unshuffle), Unshuffle = unshuffle };
    }

    private static RrdbKeys? Spelling(IReadOnlyDictionary<string, TensorShape> keys)
    {
        if (keys.ContainsAll("conv_first.weight", "body.0.rdb1.conv1.weight", "conv_body.weight", "conv_hr.weight", "conv_last.weight"))
            return RrdbKeys.BasicSr;
        if (keys.ContainsAll("conv_first.weight", "RRDB_trunk.0.RDB1.conv1.weight", "trunk_conv.weight", "HRconv.weight", "conv_last.weight"))
            return RrdbKeys.Trunk;
        return keys.ContainsAll("model.0.weight", "model.1.sub.0.RDB1.conv1.0.weight") ? RrdbKeys.Numbered : null;
    }

    private static RrdbKeyNames Names(IReadOnlyDictionary<string, TensorShape> keys) =>
        RrdbKeyNames.Of(new RrdbNetOptions { Keys = Spelling(keys) ?? RrdbKeys.BasicSr, Blocks = Blocks(keys), UpConvolutions = UpConvolutions(keys) });

    private static int Blocks(IReadOnlyDictionary<string, TensorShape> keys) => Spelling(keys) switch
    {
        RrdbKeys.Trunk => keys.SequenceLength("RRDB_trunk."),
        // The convolution after the trunk has the next number of the same list.
        RrdbKeys.Numbered => keys.SequenceLength("model.1.sub.") - 1,
        _ => keys.SequenceLength("body."),
    };

    private static int Growth(IReadOnlyDictionary<string, TensorShape> keys)
    {
        RrdbKeyNames names = Names(keys);
        return keys.Size($"{names.Block(0)}.{names.DenseBlock}1.conv1{names.DenseSuffix}.weight", 0);
    }

    private static int UpConvolutions(IReadOnlyDictionary<string, TensorShape> keys)
    {
        string pattern = Spelling(keys) switch { RrdbKeys.BasicSr => "conv_up", RrdbKeys.Trunk => "upconv", _ => "" };
        int count = 0;
        while (keys.ContainsKey(pattern.Length == 0 ? $"model.{(3 * count) + 3}.weight" : $"{pattern}{count + 1}.weight"))
            count++;
        return count;
    }
}
