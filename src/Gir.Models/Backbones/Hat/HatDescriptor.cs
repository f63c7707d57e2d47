using Gir.Models.Backbones.Swin;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Hat;

/// <summary>
/// Recognizes HAT. The weight of the convolution branch, the value range and the scale of attention scores leave no trace: "conv_scale",
/// "img_range" and "qk_scale", or the published 0.01, 1 and one over the square root of a head's width.
/// </summary>
internal sealed class HatDescriptor : ArchitectureDescriptor<HatOptions>
{
    private const string Overlapping = "layers.0.residual_group.overlap_attn.";
    private const string Squeeze = SwinKeys.Block + "conv_block.cab.3.attention.1.weight";
    private const string Compress = SwinKeys.Block + "conv_block.cab.0.weight";
    private const string Features = "conv_before_upsample.0.weight";

    /// <inheritdoc/>
    public override string Name => "HAT";

    /// <inheritdoc/>
    public override string Description => "Hybrid attention transformer for super-resolution (Chen et al. 2023)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<HatOptions>> Parameters { get; } =
    [
        Int("in_chans", o => o.Channels, (o, v) => o with { Channels = v }, SwinKeys.Channels),
        Int("upscale", o => o.Scale, (o, v) => o with { Scale = v }, keys => SwinKeys.ShuffleScale(keys, keys.Size(Features, 0))),
        Int("window_size", o => o.WindowSize, (o, v) => o with { WindowSize = v }, SwinKeys.WindowSize),
        Number("img_range", o => o.ImageRange, (o, v) => o with { ImageRange = (float)v }),
        Int("embed_dim", o => o.Width, (o, v) => o with { Width = v }, SwinKeys.Width),
        Ints("depths", o => o.Depths, (o, v) => o with { Depths = v }, SwinKeys.Depths),
        Ints("num_heads", o => o.Heads, (o, v) => o with { Heads = v }, SwinKeys.Heads),
        Number("mlp_ratio", o => o.MlpRatio, (o, v) => o with { MlpRatio = v }, SwinKeys.MlpRatio),
        Int("compress_ratio", o => o.CompressRatio, (o, v) => o with { CompressRatio = v }, keys => Divisor(keys, Compress)),
        Int("squeeze_factor", o => o.SqueezeFactor, (o, v) => o with { SqueezeFactor = v }, keys => Divisor(keys, Squeeze)),
        Number("conv_scale", o => o.ConvolutionScale, (o, v) => o with { ConvolutionScale = (float)v }),
        Number("overlap_ratio", o => o.OverlapRatio, (o, v) => o with { OverlapRatio = v }, OverlapRatio),
        Flag("qkv_bias", o => o.QkvBias, (o, v) => o with { QkvBias = v }, SwinKeys.QkvBias),
        SwinKeys.QkScale<HatOptions>(o => o.QkScale, (o, v) => o with { QkScale = v }),
        SwinKeys.AbsolutePositions<HatOptions>(o => o.AbsolutePositions, (o, v) => o with { AbsolutePositions = v }),
        Flag("patch_norm", o => o.PatchNorm, (o, v) => o with { PatchNorm = v }, SwinKeys.PatchNorm),
        Int("num_feat", o => o.UpsamplerFeatures, (o, v) => o with { UpsamplerFeatures = v }, keys => keys.Size(Features, 0)),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ContainsAll("conv_first.weight", SwinKeys.Table, Compress, Squeeze, Overlapping + "relative_position_bias_table", "conv_after_body.weight", Features);
    }

    /// <inheritdoc/>
    protected override void Check(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        hyper.RequireText("upsampler", "pixelshuffle");
        hyper.RequireText("resi_connection", "1conv");
    }

    /// <inheritdoc/>
    protected override RestorationNetwork Build(HatOptions options) => new(Name, new Hat(options))
    {
        InputChannels = options.Channels,
        DeepLayer = "conv_after_body",
        OutputChannels = options.Channels,
        Scale = options.Scale,
        Size = new() { Multiple = options.WindowSize, Minimum = options.AbsolutePositions ?? options.WindowSize },
        // Channel attention averages over the whole image.
        Tiling = options.AbsolutePositions is null ? TilingSupport.Discouraged : TilingSupport.Unsupported,
    };

    private static double OverlapRatio(IReadOnlyDictionary<string, TensorShape> keys, double told)
    {
        int window = SwinKeys.WindowSize(keys);
        int keyWindow = SwinKeys.SquareRoot(keys, Overlapping + "relative_position_bias_table", 0) + 1 - window;
        return SwinKeys.Ratio([(window, keyWindow - window)], told);
    }

    // Some r with width / r channels, in whole numbers: all such r make the same network.
    private static int Divisor(IReadOnlyDictionary<string, TensorShape> keys, string name)
    {
        int width = SwinKeys.Width(keys);
        int inner = keys.Size(name, 0);
        return inner >= 1 && inner <= width && width / (width / inner) == inner
            ? width / inner
            : throw SwinKeys.Contradiction(name, keys[name], $"a whole part of {width} outputs");
    }
}
