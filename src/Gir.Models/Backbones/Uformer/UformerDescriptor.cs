using Gir.Models.Backbones.Swin;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Uformer;

/// <summary>
/// Recognises Uformer with LeFF and linear projections. Whether the bottleneck shifts its windows leaves no trace: "img_size" and "shift_flag",
/// or 128 (as the authors test) and true; where windows shrank, they tell the size themselves.
/// </summary>
public sealed class UformerDescriptor : ArchitectureDescriptor
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
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ContainsAll("input_proj.proj.0.weight", "output_proj.proj.0.weight", "dowsample_0.conv.0.weight", "upsample_3.deconv.0.weight")
            && s_stages.All(stage => keys.ContainsAll(
                stage + ".blocks.0.attn.relative_position_bias_table", stage + ".blocks.0.attn.qkv.to_q.weight", stage + ".blocks.0.mlp.linear1.0.weight",
                stage + ".blocks.0.mlp.dwconv.0.weight"));
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(hyper);
        int[] windows = [.. s_stages.Select(stage => SwinKeys.Window(keys, stage + ".blocks.0.attn.relative_position_bias_table"))];
        var options = new UformerOptions
        {
            ImageSize = ImageSize(windows, hyper),
            InputChannels = keys.Size("input_proj.proj.0.weight", 1),
            OutputChannels = keys.Size("output_proj.proj.0.weight", 0),
            Width = keys.Size("input_proj.proj.0.weight", 0),
            Depths = [.. s_stages.Select(stage => keys.SequenceLength(stage + ".blocks."))],
            Heads = [.. s_stages.Select(stage => keys.Size(stage + ".blocks.0.attn.relative_position_bias_table", 1))],
            WindowSize = hyper.Int("win_size") ?? windows[0],
            MlpRatio = SwinKeys.Ratio(
                s_stages.Select(stage => stage + ".blocks.0.mlp.linear1.0.weight").Select(name => (keys.Size(name, 1), keys.Size(name, 0))),
                hyper.Number("mlp_ratio") ?? 4),
            QkvBias = keys.ContainsKey("encoderlayer_0.blocks.0.attn.qkv.to_q.bias"),
            Modulator = keys.ContainsKey("decoderlayer_0.blocks.0.modulator.weight"),
            Shifts = hyper.Flag("shift_flag") ?? true,
        };
        for (int i = 0; i < windows.Length; i++)
        {
            if (options.WindowAt(Uformer.Level(i)) != windows[i])
            {
                throw new ArgumentException(
                    $"The checkpoint's '{s_stages[i]}' has windows of {windows[i]}; img_size {options.ImageSize} and win_size {options.WindowSize} mean {options.WindowAt(Uformer.Level(i))}. Give 'img_size' as the network was built with.",
                    nameof(keys));
            }
        }

        return Build(options);
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        if (hyper.Text("token_projection") is { } projection && projection != "linear")
            throw new ArgumentException($"Hyper-parameter 'token_projection': found '{projection}'; expected 'linear'.", nameof(hyper));
        if (hyper.Text("token_mlp") is { } feedForward && feedForward != "leff")
            throw new ArgumentException($"Hyper-parameter 'token_mlp': found '{feedForward}'; expected 'leff'.", nameof(hyper));
        var options = new UformerOptions();
        return Build(options with
        {
            ImageSize = hyper.Int("img_size") ?? options.ImageSize,
            InputChannels = hyper.Int("dd_in") ?? options.InputChannels,
            OutputChannels = hyper.Int("in_chans") ?? options.OutputChannels,
            Width = hyper.Int("embed_dim") ?? options.Width,
            Depths = hyper.Ints("depths") ?? options.Depths,
            Heads = hyper.Ints("num_heads") ?? options.Heads,
            WindowSize = hyper.Int("win_size") ?? options.WindowSize,
            MlpRatio = hyper.Number("mlp_ratio") ?? options.MlpRatio,
            QkvBias = hyper.Flag("qkv_bias") ?? options.QkvBias,
            Modulator = hyper.Flag("modulator") ?? options.Modulator,
            Shifts = hyper.Flag("shift_flag") ?? options.Shifts,
        });
    }

    // A level whose windows are smaller than the first's is as large as its window.
    private static int ImageSize(int[] windows, HyperParameters hyper)
    {
        if (hyper.Int("img_size") is { } given)
            return given;
        for (int level = 1; level <= 4; level++)
        {
            if (windows[level] < windows[0])
                return windows[level] << level;
        }

        return Math.Max(Official, windows[0] << 4);
    }

    private RestorationNetwork Build(UformerOptions options) => new(Name, new Uformer(options))
    {
        InputChannels = options.InputChannels,
        OutputChannels = options.OutputChannels,
        PaddingMode = TensorPadMode.Constant,
        PadsCentred = true,
        SquareMultiple = options.SizeMultiple,
        Configuration = options.Describe(),
    };
}
