using Gir.Models.Backbones.Swin;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.SwinIr;

/// <summary>
/// Recognizes SwinIR. The value range and the scale of attention scores leave no trace: "img_range" and "qk_scale", or the published
/// defaults (255 for the JPEG networks with window 7, else 1; one over the square root of a head's width).
/// </summary>
internal sealed class SwinIrDescriptor : ArchitectureDescriptor<SwinIrOptions>
{
    /// <inheritdoc/>
    public override string Name => "SwinIR";

    /// <inheritdoc/>
    public override string Description => "Swin transformer for restoration and super-resolution (Liang et al. 2021)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<SwinIrOptions>> Parameters { get; } =
    [
        Int("in_chans", o => o.Channels, (o, v) => o with { Channels = v }, SwinKeys.Channels),
        Choice(
            "upsampler",
            o => o.Upsampler,
            (o, v) => o with { Upsampler = v },
            [
                ("", SwinIrUpsampler.None),
                ("pixelshuffle", SwinIrUpsampler.PixelShuffle),
                ("pixelshuffledirect", SwinIrUpsampler.PixelShuffleDirect),
                ("nearest+conv", SwinIrUpsampler.NearestConvolution),
            ],
            (keys, _) => Head(keys).Upsampler),
        Int("upscale", o => o.Scale, (o, v) => o with { Scale = v }, keys => Head(keys).Scale),
        Int("window_size", o => o.WindowSize, (o, v) => o with { WindowSize = v }, SwinKeys.WindowSize),
        Number("img_range", o => o.ImageRange, (o, v) => o with { ImageRange = (float)v }, otherwise: o => o.WindowSize == 7 ? 255 : 1),
        Int("embed_dim", o => o.Width, (o, v) => o with { Width = v }, SwinKeys.Width),
        Ints("depths", o => o.Depths, (o, v) => o with { Depths = v }, SwinKeys.Depths),
        Ints("num_heads", o => o.Heads, (o, v) => o with { Heads = v }, SwinKeys.Heads),
        Number("mlp_ratio", o => o.MlpRatio, (o, v) => o with { MlpRatio = v }, SwinKeys.MlpRatio),
        Flag("qkv_bias", o => o.QkvBias, (o, v) => o with { QkvBias = v }, SwinKeys.QkvBias),
        SwinKeys.QkScale<SwinIrOptions>(o => o.QkScale, (o, v) => o with { QkScale = v }),
        SwinKeys.AbsolutePositions<SwinIrOptions>(o => o.AbsolutePositions, (o, v) => o with { AbsolutePositions = v }),
        Flag("patch_norm", o => o.PatchNorm, (o, v) => o with { PatchNorm = v }, SwinKeys.PatchNorm),
        Choice(
            "resi_connection",
            o => o.Residual,
            (o, v) => o with { Residual = v },
            [("1conv", SwinIrResidual.OneConvolution), ("3conv", SwinIrResidual.ThreeConvolutions)],
            (keys, _) => keys.ContainsKey("conv_after_body.0.weight") ? SwinIrResidual.ThreeConvolutions : SwinIrResidual.OneConvolution),
        // Only the heads with a convolution before them have some.
        new(
            "num_feat",
            (o, keys, hyper) => o with { UpsamplerFeatures = (keys is null ? null : Head(keys).Features) ?? hyper.Int("num_feat") ?? o.UpsamplerFeatures },
            o => o.Upsampler is SwinIrUpsampler.PixelShuffle or SwinIrUpsampler.NearestConvolution ? $"{o.UpsamplerFeatures}" : null),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ContainsAll(
                "conv_first.weight", SwinKeys.Block + "norm1.weight", SwinKeys.Table, SwinKeys.Block + "attn.qkv.weight", SwinKeys.Block + "mlp.fc1.weight", "norm.weight")
            && (keys.ContainsKey("conv_after_body.weight") || keys.ContainsKey("conv_after_body.0.weight"))
            && !keys.ContainsKey(SwinKeys.Block + "conv_block.cab.0.weight");
    }

    /// <inheritdoc/>
    protected override RestorationNetwork Build(SwinIrOptions options) => new(Name, new SwinIr(options))
    {
        InputChannels = options.Channels,
        DeepLayer = "conv_after_body",
        OutputChannels = options.Channels,
        Scale = options.Scale,
        // Reflection cannot fill more than the image less one.
        Size = new() { Minimum = options.AbsolutePositions ?? ((options.WindowSize / 2) + 1) },
        Tiling = options.AbsolutePositions is null ? TilingSupport.Supported : TilingSupport.Unsupported,
    };

    private static (SwinIrUpsampler Upsampler, int Scale, int? Features) Head(IReadOnlyDictionary<string, TensorShape> keys)
    {
        if (keys.ContainsKey("conv_before_upsample.0.weight"))
        {
            int features = keys.Size("conv_before_upsample.0.weight", 0);
            return keys.ContainsKey("conv_up1.weight")
                ? (SwinIrUpsampler.NearestConvolution, keys.ContainsKey("conv_up2.weight") ? 4 : 2, features)
                : (SwinIrUpsampler.PixelShuffle, SwinKeys.ShuffleScale(keys, features), features);
        }

        if (!keys.ContainsKey("upsample.0.weight"))
            return (SwinIrUpsampler.None, 1, null);
        int channels = SwinKeys.Channels(keys);
        int outputs = keys.Size("upsample.0.weight", 0);
        int scale = (int)Math.Round(Math.Sqrt((double)outputs / Math.Max(channels, 1)));
        if ((long)scale * scale * channels != outputs)
            throw SwinKeys.Contradiction("upsample.0.weight", keys["upsample.0.weight"], $"{channels} scale^2 outputs");
        return (SwinIrUpsampler.PixelShuffleDirect, scale, null);
    }
}
