using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.NafNet;

/// <summary>
/// Recognises NAFNet. Local pooling leaves no trace in a checkpoint: metadata "train_size" (its last number, times 1.5) turns it on, "local_window"
/// gives it directly.
/// </summary>
public sealed class NafNetDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "NAFNet";

    /// <inheritdoc/>
    public override string Description => "U-Net without activation functions (Chen et al. 2022)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("intro.weight", "ending.weight", "ups.0.0.weight", "downs.0.weight")
        && keys.Keys.Any(k => k.EndsWith(".sca.1.weight", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        int levels = keys.SequenceLength("downs.");
        return Build(new NafNetOptions
        {
            Channels = keys.Size("intro.weight", 1),
            Width = keys.Size("intro.weight", 0),
            MiddleBlocks = keys.SequenceLength("middle_blks."),
            EncoderBlocks = [.. Enumerable.Range(0, levels).Select(i => keys.SequenceLength($"encoders.{i}."))],
            DecoderBlocks = [.. Enumerable.Range(0, levels).Select(i => keys.SequenceLength($"decoders.{i}."))],
            LocalWindow = LocalWindow(hyper),
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new NafNetOptions();
        return Build(options with
        {
            Channels = hyper.Int("img_channel") ?? options.Channels,
            Width = hyper.Int("width") ?? options.Width,
            MiddleBlocks = hyper.Int("middle_blk_num") ?? options.MiddleBlocks,
            EncoderBlocks = hyper.Ints("enc_blk_nums") ?? options.EncoderBlocks,
            DecoderBlocks = hyper.Ints("dec_blk_nums") ?? options.DecoderBlocks,
            LocalWindow = LocalWindow(hyper),
        });
    }

    private static int? LocalWindow(HyperParameters hyper) =>
        hyper.Int("local_window") ?? (hyper.Ints("train_size") is { Length: > 0 } size ? size[^1] * 3 / 2 : null);

    private RestorationNetwork Build(NafNetOptions options) => new(Name, new NafNet(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        PaddingMode = TensorPadMode.Constant,
        // Channel attention averages over the whole image, unless over local windows.
        Tiling = options.LocalWindow is null ? TilingSupport.Discouraged : TilingSupport.Supported,
        Configuration = options.Describe(),
    };
}
