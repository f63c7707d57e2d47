using Gir.Models.Backbones.Swin;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Restormer;

/// <summary>Recognises Restormer; shapes say all of its hyper-parameters.</summary>
public sealed class RestormerDescriptor : ArchitectureDescriptor
{
    private static readonly string[] s_levels = ["encoder_level1", "encoder_level2", "encoder_level3", "latent"];

    /// <inheritdoc/>
    public override string Name => "Restormer";

    /// <inheritdoc/>
    public override string Description => "Transformer with attention between channels (Zamir et al. 2022)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ContainsAll(
            "patch_embed.proj.weight", "encoder_level1.0.attn.temperature", "encoder_level1.0.attn.qkv_dwconv.weight", "encoder_level1.0.ffn.project_in.weight",
            "latent.0.attn.temperature", "up4_3.body.0.weight", "output.weight");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The checkpoint is the dual-pixel network, which takes two views.</exception>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(hyper);
        if (keys.ContainsKey("skip_conv.weight"))
            throw DualPixel(nameof(keys));
        int channels = keys.Size("patch_embed.proj.weight", 1);
        if (keys.Size("output.weight", 0) != channels)
            throw SwinKeys.Contradiction("output.weight", keys["output.weight"], $"{channels} outputs, as many as inputs");
        return Build(new RestormerOptions
        {
            Channels = channels,
            Width = keys.Size("patch_embed.proj.weight", 0),
            Blocks = [.. s_levels.Select(level => keys.SequenceLength(level + "."))],
            RefinementBlocks = keys.SequenceLength("refinement."),
            Heads = [.. s_levels.Select(level => keys.Size(level + ".0.attn.temperature", 0))],
            Expansion = SwinKeys.Ratio(
                s_levels.Select(level => (keys.Size(level + ".0.ffn.project_out.weight", 0), keys.Size(level + ".0.ffn.project_out.weight", 1))),
                hyper.Number("ffn_expansion_factor") ?? 2.66),
            ConvolutionBias = keys.ContainsKey("encoder_level1.0.attn.qkv.bias"),
            NormBias = keys.ContainsKey("encoder_level1.0.norm1.body.bias"),
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        if (hyper.Flag("dual_pixel_task") == true)
            throw DualPixel(nameof(hyper));
        var options = new RestormerOptions();
        int channels = hyper.Int("inp_channels") ?? options.Channels;
        if (hyper.Int("out_channels") is { } outputs && outputs != channels)
            throw new ArgumentException($"Hyper-parameter 'out_channels': found {outputs}; expected {channels}, as many as inputs.", nameof(hyper));
        return Build(options with
        {
            Channels = channels,
            Width = hyper.Int("dim") ?? options.Width,
            Blocks = hyper.Ints("num_blocks") ?? options.Blocks,
            RefinementBlocks = hyper.Int("num_refinement_blocks") ?? options.RefinementBlocks,
            Heads = hyper.Ints("heads") ?? options.Heads,
            Expansion = hyper.Number("ffn_expansion_factor") ?? options.Expansion,
            ConvolutionBias = hyper.Flag("bias") ?? options.ConvolutionBias,
            NormBias = hyper.Text("LayerNorm_type") switch
            {
                null or "WithBias" => true,
                "BiasFree" => false,
                string other => throw new ArgumentException($"Hyper-parameter 'LayerNorm_type': found '{other}'; expected 'WithBias' or 'BiasFree'.", nameof(hyper)),
            },
        });
    }

    private static ArgumentException DualPixel(string name) =>
        new("This is Restormer's dual-pixel network, which takes two views of a scene; only networks of one image are supported.", name);

    private RestorationNetwork Build(RestormerOptions options) => new(Name, new Restormer(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        SizeMultiple = 8,
        MinimumSize = 8,
        // Channels attend to one another over the whole image.
        Tiling = TilingSupport.Discouraged,
        Configuration = options.Describe(),
    };
}
