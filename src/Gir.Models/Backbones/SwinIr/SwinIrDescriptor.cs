using Gir.Models.Backbones.Swin;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.SwinIr;

/// <summary>
/// Recognises SwinIR. The value range and the scale of attention scores leave no trace: "img_range" and "qk_scale", or the published
/// defaults (255 for the JPEG networks with window 7, else 1; one over the square root of a head's width).
/// </summary>
public sealed class SwinIrDescriptor : ArchitectureDescriptor
{
    private const string Block = "layers.0.residual_group.blocks.0.";

    /// <inheritdoc/>
    public override string Name => "SwinIR";

    /// <inheritdoc/>
    public override string Description => "Swin transformer for restoration and super-resolution (Liang et al. 2021)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ContainsAll(
                "conv_first.weight", Block + "norm1.weight", Block + "attn.relative_position_bias_table", Block + "attn.qkv.weight", Block + "mlp.fc1.weight", "norm.weight")
            && (keys.ContainsKey("conv_after_body.weight") || keys.ContainsKey("conv_after_body.0.weight"))
            && !keys.ContainsKey(Block + "conv_block.cab.0.weight");
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(hyper);
        int width = keys.Size("conv_first.weight", 0);
        int channels = keys.Size("conv_first.weight", 1);
        int window = SwinKeys.Window(keys, Block + "attn.relative_position_bias_table");
        (SwinIrUpsampler upsampler, int scale, int features) = Head(keys, channels);
        return Build(new SwinIrOptions
        {
            Channels = channels,
            Scale = scale,
            WindowSize = window,
            ImageRange = (float)(hyper.Number("img_range") ?? (window == 7 ? 255 : 1)),
            Depths = SwinKeys.Depths(keys),
            Width = width,
            Heads = SwinKeys.Heads(keys),
            MlpRatio = SwinKeys.Ratio([(width, keys.Size(Block + "mlp.fc1.weight", 0))], hyper.Number("mlp_ratio") ?? 2),
            QkvBias = keys.ContainsKey(Block + "attn.qkv.bias"),
            QkScale = hyper.Number("qk_scale"),
            AbsolutePositions = keys.ContainsKey("absolute_pos_embed") ? SwinKeys.SquareRoot(keys, "absolute_pos_embed", 1) : null,
            PatchNorm = keys.ContainsKey("patch_embed.norm.weight"),
            Upsampler = upsampler,
            Residual = keys.ContainsKey("conv_after_body.0.weight") ? SwinIrResidual.ThreeConvolutions : SwinIrResidual.OneConvolution,
            UpsamplerFeatures = features,
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new SwinIrOptions();
        return Build(options with
        {
            Channels = hyper.Int("in_chans") ?? options.Channels,
            Scale = hyper.Int("upscale") ?? options.Scale,
            WindowSize = hyper.Int("window_size") ?? options.WindowSize,
            ImageRange = (float)(hyper.Number("img_range") ?? options.ImageRange),
            Depths = hyper.Ints("depths") ?? options.Depths,
            Width = hyper.Int("embed_dim") ?? options.Width,
            Heads = hyper.Ints("num_heads") ?? options.Heads,
            MlpRatio = hyper.Number("mlp_ratio") ?? options.MlpRatio,
            QkvBias = hyper.Flag("qkv_bias") ?? options.QkvBias,
            QkScale = hyper.Number("qk_scale"),
            AbsolutePositions = hyper.Flag("ape") == true ? hyper.Int("img_size") ?? 64 : null,
            PatchNorm = hyper.Flag("patch_norm") ?? options.PatchNorm,
            Upsampler = hyper.Text("upsampler") switch
            {
                null or "" => SwinIrUpsampler.None,
                "pixelshuffle" => SwinIrUpsampler.PixelShuffle,
                "pixelshuffledirect" => SwinIrUpsampler.PixelShuffleDirect,
                "nearest+conv" => SwinIrUpsampler.NearestConvolution,
                string other => throw new ArgumentException($"Hyper-parameter 'upsampler': found '{other}'; expected '', 'pixelshuffle', 'pixelshuffledirect' or 'nearest+conv'.", nameof(hyper)),
            },
            Residual = hyper.Text("resi_connection") switch
            {
                null or "1conv" => SwinIrResidual.OneConvolution,
                "3conv" => SwinIrResidual.ThreeConvolutions,
                string other => throw new ArgumentException($"Hyper-parameter 'resi_connection': found '{other}'; expected '1conv' or '3conv'.", nameof(hyper)),
            },
            UpsamplerFeatures = hyper.Int("num_feat") ?? options.UpsamplerFeatures,
        });
    }

    private static (SwinIrUpsampler Upsampler, int Scale, int Features) Head(IReadOnlyDictionary<string, TensorShape> keys, int channels)
    {
        if (keys.ContainsKey("conv_before_upsample.0.weight"))
        {
            int features = keys.Size("conv_before_upsample.0.weight", 0);
            return keys.ContainsKey("conv_up1.weight")
                ? (SwinIrUpsampler.NearestConvolution, keys.ContainsKey("conv_up2.weight") ? 4 : 2, features)
                : (SwinIrUpsampler.PixelShuffle, SwinKeys.ShuffleScale(keys, features), features);
        }

        if (!keys.ContainsKey("upsample.0.weight"))
            return (SwinIrUpsampler.None, 1, 64);
        int square = keys.Size("upsample.0.weight", 0) / channels;
        int scale = (int)Math.Round(Math.Sqrt(square));
        if (scale * scale * channels != keys.Size("upsample.0.weight", 0))
            throw SwinKeys.Contradiction("upsample.0.weight", keys["upsample.0.weight"], $"{channels} scale^2 outputs");
        return (SwinIrUpsampler.PixelShuffleDirect, scale, 64);
    }

    private RestorationNetwork Build(SwinIrOptions options) => new(Name, new SwinIr(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        Scale = options.Scale,
        // Reflection cannot fill more than the image less one.
        MinimumSize = options.AbsolutePositions ?? ((options.WindowSize / 2) + 1),
        Tiling = options.AbsolutePositions is null ? TilingSupport.Supported : TilingSupport.Unsupported,
        Configuration = options.Describe(),
    };
}
