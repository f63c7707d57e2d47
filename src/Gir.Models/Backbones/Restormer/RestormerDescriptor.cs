using Gir.Models.Backbones.Swin;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Restormer;

/// <summary>Recognizes Restormer; shapes say all of its hyper-parameters.</summary>
internal sealed class RestormerDescriptor : ArchitectureDescriptor<RestormerOptions>
{
    private static readonly string[] s_levels = ["encoder_level1", "encoder_level2", "encoder_level3", "latent"];

    /// <inheritdoc/>
    public override string Name => "Restormer";

    /// <inheritdoc/>
    public override string Description => "Transformer with attention between channels (Zamir et al. 2022)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<RestormerOptions>> Parameters { get; } =
    [
        Int("inp_channels", o => o.Channels, (o, v) => o with { Channels = v }, keys => keys.Size("patch_embed.proj.weight", 1)),
        Int("dim", o => o.Width, (o, v) => o with { Width = v }, keys => keys.Size("patch_embed.proj.weight", 0)),
        Ints("num_blocks", o => o.Blocks, (o, v) => o with { Blocks = v }, keys => [.. s_levels.Select(level => keys.SequenceLength(level + "."))]),
        Int("num_refinement_blocks", o => o.RefinementBlocks, (o, v) => o with { RefinementBlocks = v }, keys => keys.SequenceLength("refinement.")),
        Ints("heads", o => o.Heads, (o, v) => o with { Heads = v }, keys => [.. s_levels.Select(level => keys.Size(level + ".0.attn.temperature", 0))]),
        Number(
            "ffn_expansion_factor",
            o => o.Expansion,
            (o, v) => o with { Expansion = v },
            (keys, told) => SwinKeys.Ratio(
                s_levels.Select(level => level + ".0.ffn.project_out.weight").Select(name => (keys.Size(name, 0), keys.Size(name, 1))), told)),
        Flag("bias", o => o.ConvolutionBias, (o, v) => o with { ConvolutionBias = v }, keys => keys.ContainsKey("encoder_level1.0.attn.qkv.bias")),
        Choice(
            "LayerNorm_type",
            o => o.NormBias,
            (o, v) => o with { NormBias = v },
            [("WithBias", true), ("BiasFree", false)],
            (keys, _) => keys.ContainsKey("encoder_level1.0.norm1.body.bias")),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ContainsAll(
            "patch_embed.proj.weight", "encoder_level1.0.attn.temperature", "encoder_level1.0.attn.qkv_dwconv.weight", "encoder_level1.0.ffn.project_in.weight",
            "latent.0.attn.temperature", "up4_3.body.0.weight", "output.weight");
    }

    /// <inheritdoc/>
    protected override void Check(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.ContainsKey("skip_conv.weight"))
            throw DualPixel(nameof(keys));
        int channels = keys.Size("patch_embed.proj.weight", 1);
        if (keys.Size("output.weight", 0) != channels)
            throw SwinKeys.Contradiction("output.weight", keys["output.weight"], $"{channels} outputs, as many as inputs");
    }

    /// <inheritdoc/>
    protected override void Check(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        if (hyper.Flag("dual_pixel_task") == true)
            throw DualPixel(nameof(hyper));
        int channels = hyper.Int("inp_channels") ?? new RestormerOptions().Channels;
        if (hyper.Int("out_channels") is { } outputs && outputs != channels)
            throw new ArgumentException($"Hyper-parameter 'out_channels': found {outputs}; expected {channels}, as many as inputs.", nameof(hyper));
    }

    /// <inheritdoc/>
    protected override RestorationNetwork Build(RestormerOptions options) => new(Name, new Restormer(options))
    {
        InputChannels = options.Channels,
        DeepLayer = "refinement",
        OutputChannels = options.Channels,
        Size = new() { Multiple = 8, Minimum = 8 },
        // Channels attend to one another over the whole image.
        Tiling = TilingSupport.Discouraged,
    };

    private static ArgumentException DualPixel(string name) =>
        new("This is Restormer's dual-pixel network, which takes two views of a scene; only networks of one image are supported.", name);
}
