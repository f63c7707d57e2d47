using Gir.Models.Backbones.Swin;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Hat;

/// <summary>
/// Recognises HAT. The weight of the convolution branch, the value range and the scale of attention scores leave no trace: "conv_scale",
/// "img_range" and "qk_scale", or the published 0.01, 1 and one over the square root of a head's width.
/// </summary>
public sealed class HatDescriptor : ArchitectureDescriptor
{
    private const string Block = "layers.0.residual_group.blocks.0.";
    private const string Overlapping = "layers.0.residual_group.overlap_attn.";

    /// <inheritdoc/>
    public override string Name => "HAT";

    /// <inheritdoc/>
    public override string Description => "Hybrid attention transformer for super-resolution (Chen et al. 2023)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ContainsAll(
            "conv_first.weight", Block + "attn.relative_position_bias_table", Block + "conv_block.cab.0.weight", Block + "conv_block.cab.3.attention.1.weight",
            Overlapping + "relative_position_bias_table", "conv_after_body.weight", "conv_before_upsample.0.weight");
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(hyper);
        int width = keys.Size("conv_first.weight", 0);
        int window = SwinKeys.Window(keys, Block + "attn.relative_position_bias_table");
        int keyWindow = SwinKeys.SquareRoot(keys, Overlapping + "relative_position_bias_table", 0) + 1 - window;
        int features = keys.Size("conv_before_upsample.0.weight", 0);
        var options = new HatOptions();
        return Build(options with
        {
            Channels = keys.Size("conv_first.weight", 1),
            Scale = SwinKeys.ShuffleScale(keys, features),
            WindowSize = window,
            ImageRange = (float)(hyper.Number("img_range") ?? options.ImageRange),
            Depths = SwinKeys.Depths(keys),
            Width = width,
            Heads = SwinKeys.Heads(keys),
            MlpRatio = SwinKeys.Ratio([(width, keys.Size(Block + "mlp.fc1.weight", 0))], hyper.Number("mlp_ratio") ?? options.MlpRatio),
            CompressRatio = Divisor(keys, width, Block + "conv_block.cab.0.weight"),
            SqueezeFactor = Divisor(keys, width, Block + "conv_block.cab.3.attention.1.weight"),
            ConvolutionScale = (float)(hyper.Number("conv_scale") ?? options.ConvolutionScale),
            OverlapRatio = SwinKeys.Ratio([(window, keyWindow - window)], hyper.Number("overlap_ratio") ?? options.OverlapRatio),
            QkvBias = keys.ContainsKey(Block + "attn.qkv.bias"),
            QkScale = hyper.Number("qk_scale"),
            AbsolutePositions = keys.ContainsKey("absolute_pos_embed") ? SwinKeys.SquareRoot(keys, "absolute_pos_embed", 1) : null,
            PatchNorm = keys.ContainsKey("patch_embed.norm.weight"),
            UpsamplerFeatures = features,
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        if (hyper.Text("upsampler") is { } upsampler && upsampler != "pixelshuffle")
            throw new ArgumentException($"Hyper-parameter 'upsampler': found '{upsampler}'; expected 'pixelshuffle'.", nameof(hyper));
        if (hyper.Text("resi_connection") is { } residual && residual != "1conv")
            throw new ArgumentException($"Hyper-parameter 'resi_connection': found '{residual}'; expected '1conv'.", nameof(hyper));
        var options = new HatOptions();
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
            CompressRatio = hyper.Int("compress_ratio") ?? options.CompressRatio,
            SqueezeFactor = hyper.Int("squeeze_factor") ?? options.SqueezeFactor,
            ConvolutionScale = (float)(hyper.Number("conv_scale") ?? options.ConvolutionScale),
            OverlapRatio = hyper.Number("overlap_ratio") ?? options.OverlapRatio,
            QkvBias = hyper.Flag("qkv_bias") ?? options.QkvBias,
            QkScale = hyper.Number("qk_scale"),
            AbsolutePositions = hyper.Flag("ape") == true ? hyper.Int("img_size") ?? 64 : null,
            PatchNorm = hyper.Flag("patch_norm") ?? options.PatchNorm,
            UpsamplerFeatures = hyper.Int("num_feat") ?? options.UpsamplerFeatures,
        });
    }

    // Some r with width / r channels, in whole numbers: all such r make the same network.
    private static int Divisor(IReadOnlyDictionary<string, TensorShape> keys, int width, string name)
    {
        int inner = keys.Size(name, 0);
        return inner >= 1 && inner <= width && width / (width / inner) == inner
            ? width / inner
            : throw SwinKeys.Contradiction(name, keys[name], $"a whole part of {width} outputs");
    }

    private RestorationNetwork Build(HatOptions options) => new(Name, new Hat(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        Scale = options.Scale,
        SizeMultiple = options.WindowSize,
        MinimumSize = options.AbsolutePositions ?? options.WindowSize,
        // Channel attention averages over the whole image.
        Tiling = options.AbsolutePositions is null ? TilingSupport.Discouraged : TilingSupport.Unsupported,
        Configuration = options.Describe(),
    };
}
