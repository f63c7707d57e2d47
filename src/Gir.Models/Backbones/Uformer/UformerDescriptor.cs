using Gir.Models.Backbones.Swin;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Uformer;

/// <summary>
/// Recognizes Uformer with LeFF and linear projections. Whether the bottleneck shifts its windows leaves no trace: "img_size" and "shift_flag",
/// or 128 (as the authors test) and true; where windows shrank, they tell the size themselves.
/// </summary>
internal sealed class UformerDescriptor : ArchitectureDescriptor<UformerOptions>
{
    private const int Official = 128;

    private static readonly string[] s_stages =
    [
        "encoderlayer_0", "encoderlayer_1", "encoderlayer_2", "encoderlayer_3", "conv",
        "decoderlayer_0", "decoderlayer_1", "decoderlayer_2", "decoderlayer_3",
    ];

    /// <inheritdoc/>
    public override string Name => "Uformer";

    /// <inheritdoc/>
    public override string Description => "U-shaped transformer with locally enhanced windows (Wang et al. 2022)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<UformerOptions>> Parameters { get; } =
    [
        new(
            "img_size",
            (o, keys, hyper) => o with { ImageSize = hyper.Int("img_size") ?? (keys is null ? o.ImageSize : ImageSize(Windows(keys))) },
            o => $"{o.ImageSize}"),
        Int("in_chans", o => o.OutputChannels, (o, v) => o with { OutputChannels = v }, keys => keys.Size("output_proj.proj.0.weight", 0)),
        Int("dd_in", o => o.InputChannels, (o, v) => o with { InputChannels = v }, keys => keys.Size("input_proj.proj.0.weight", 1)),
        Int("embed_dim", o => o.Width, (o, v) => o with { Width = v }, keys => keys.Size("input_proj.proj.0.weight", 0)),
        Ints("depths", o => o.Depths, (o, v) => o with { Depths = v }, keys => [.. s_stages.Select(stage => keys.SequenceLength(stage + ".blocks."))]),
        Ints("num_heads", o => o.Heads, (o, v) => o with { Heads = v }, keys => [.. s_stages.Select(stage => keys.Size(Table(stage), 1))]),
        new(
            "win_size",
            (o, keys, hyper) => o with { WindowSize = hyper.Int("win_size") ?? (keys is null ? o.WindowSize : Windows(keys)[0]) },
            o => $"{o.WindowSize}"),
        Number(
            "mlp_ratio",
            o => o.MlpRatio,
            (o, v) => o with { MlpRatio = v },
            (keys, told) => SwinKeys.Ratio(s_stages.Select(stage => stage + ".blocks.0.mlp.linear1.0.weight").Select(name => (keys.Size(name, 1), keys.Size(name, 0))), told)),
        Flag("qkv_bias", o => o.QkvBias, (o, v) => o with { QkvBias = v }, keys => keys.ContainsKey("encoderlayer_0.blocks.0.attn.qkv.to_q.bias")),
        Flag("modulator", o => o.Modulator, (o, v) => o with { Modulator = v }, keys => keys.ContainsKey("decoderlayer_0.blocks.0.modulator.weight")),
        Flag("shift_flag", o => o.Shifts, (o, v) => o with { Shifts = v }),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ContainsAll("input_proj.proj.0.weight", "output_proj.proj.0.weight", "dowsample_0.conv.0.weight", "upsample_3.deconv.0.weight")
            && s_stages.All(stage => keys.ContainsAll(
                Table(stage), stage + ".blocks.0.attn.qkv.to_q.weight", stage + ".blocks.0.mlp.linear1.0.weight", stage + ".blocks.0.mlp.dwconv.0.weight"));
    }

    /// <inheritdoc/>
    protected override void Check(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        hyper.RequireText("token_projection", "linear");
        hyper.RequireText("token_mlp", "leff");
    }

    /// <inheritdoc/>
    protected override void Check(UformerOptions options, IReadOnlyDictionary<string, TensorShape> keys)
    {
        int[] windows = Windows(keys);
        for (int i = 0; i < windows.Length; i++)
        {
            if (options.WindowAt(Uformer.Level(i)) != windows[i])
            {
                throw new ArgumentException(
                    $"The checkpoint's '{s_stages[i]}' has windows of {windows[i]}; img_size {options.ImageSize} and win_size {options.WindowSize} mean {options.WindowAt(Uformer.Level(i))}. Give 'img_size' as the network was built with.",
                    nameof(keys));
            }
        }
    }

    /// <inheritdoc/>
    protected override RestorationNetwork Build(UformerOptions options) => new(Name, new Uformer(options))
    {
        InputChannels = options.InputChannels,
        DeepLayer = "decoderlayer_3",
        OutputChannels = options.OutputChannels,
        Size = new() { SquareMultiple = options.SizeMultiple, Padding = TensorPadMode.Constant, IsCentered = true },
        // Its windows lie by the centered square around the image, and so otherwise in a tile.
        Tiling = TilingSupport.Discouraged,
    };

    private static string Table(string stage) => stage + ".blocks.0.attn.relative_position_bias_table";

    private static int[] Windows(IReadOnlyDictionary<string, TensorShape> keys) => [.. s_stages.Select(stage => SwinKeys.Window(keys, Table(stage)))];

    // A level whose windows are smaller than the first's is as large as its window.
    private static int ImageSize(int[] windows)
    {
        for (int level = 1; level <= 4; level++)
        {
            if (windows[level] < windows[0])
                return windows[level] << level;
        }

        return Math.Max(Official, windows[0] << 4);
    }
}
