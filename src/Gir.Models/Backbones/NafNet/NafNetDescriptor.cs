using System.Globalization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.NafNet;

/// <summary>
/// Recognizes NAFNet. Local pooling leaves no trace in a checkpoint: metadata "train_size" (its last number, times 1.5) turns it on, "local_window"
/// gives it directly.
/// </summary>
internal sealed class NafNetDescriptor : ArchitectureDescriptor<NafNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "NAFNet";

    /// <inheritdoc/>
    public override string Description => "U-Net without activation functions (Chen et al. 2022)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<NafNetOptions>> Parameters { get; } =
    [
        Int("img_channel", o => o.Channels, (o, v) => o with { Channels = v }, keys => keys.Size("intro.weight", 1)),
        Int("width", o => o.Width, (o, v) => o with { Width = v }, keys => keys.Size("intro.weight", 0)),
        Int("middle_blk_num", o => o.MiddleBlocks, (o, v) => o with { MiddleBlocks = v }, keys => keys.SequenceLength("middle_blks.")),
        Ints("enc_blk_nums", o => o.EncoderBlocks, (o, v) => o with { EncoderBlocks = v }, keys => Blocks(keys, "encoders")),
        Ints("dec_blk_nums", o => o.DecoderBlocks, (o, v) => o with { DecoderBlocks = v }, keys => Blocks(keys, "decoders")),
        new(
            "local_window",
            (o, _, hyper) => o with { LocalWindow = hyper.Int("local_window") ?? (hyper.Ints("train_size") is { Length: > 0 } size ? size[^1] * 3 / 2 : null) },
            o => o.LocalWindow?.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("intro.weight", "ending.weight", "ups.0.0.weight", "downs.0.weight")
        && keys.Keys.Any(k => k.EndsWith(".sca.1.weight", StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override RestorationNetwork Build(NafNetOptions options) => new(Name, new NafNet(options))
    {
        InputChannels = options.Channels,
        DeepLayer = options.DecoderBlocks.Count > 0 ? $"decoders.{options.DecoderBlocks.Count - 1}" : "middle_blks",
        OutputChannels = options.Channels,
        Size = new() { Padding = TensorPadMode.Constant },
        // Channel attention averages over the whole image, unless over local windows.
        Tiling = options.LocalWindow is null ? TilingSupport.Discouraged : TilingSupport.Supported,
    };

    private static int[] Blocks(IReadOnlyDictionary<string, TensorShape> keys, string part) =>
        [.. Enumerable.Range(0, keys.SequenceLength("downs.")).Select(i => keys.SequenceLength($"{part}.{i}."))];
}
