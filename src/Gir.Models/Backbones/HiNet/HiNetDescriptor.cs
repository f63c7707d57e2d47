using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.HiNet;

/// <summary>Recognizes HINet; the slope is metadata's "relu_slope" or the published 0.2.</summary>
internal sealed class HiNetDescriptor : ArchitectureDescriptor<HiNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "HINet";

    /// <inheritdoc/>
    public override string Description => "Two-stage U-Net with half instance normalization (Chen et al. 2021)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<HiNetOptions>> Parameters { get; } =
    [
        Int("in_chn", o => o.Channels, (o, v) => o with { Channels = v }, keys => keys.Size("conv_01.weight", 1)),
        Int("wf", o => o.Width, (o, v) => o with { Width = v }, keys => keys.Size("conv_01.weight", 0)),
        Int("depth", o => o.Depth, (o, v) => o with { Depth = v }, keys => keys.SequenceLength("down_path_1.")),
        Number("relu_slope", o => o.Slope, (o, v) => o with { Slope = (float)v }),
        Int("hin_position_left", o => o.FirstNormalizedLevel, (o, v) => o with { FirstNormalizedLevel = v }, keys => Normalized(keys).First()),
        Int("hin_position_right", o => o.LastNormalizedLevel, (o, v) => o with { LastNormalizedLevel = v }, keys => Normalized(keys).Last()),
        new(
            "second_start",
            (o, _, hyper) => o with { SharesStart = hyper.Text("second_start") is { } start ? SharesStart(start) : o.SharesStart },
            o => o.SharesStart ? "conv_01" : null),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("conv_01.weight", "conv_02.weight", "down_path_1.0.conv_1.weight", "down_path_2.0.csff_enc.weight", "sam12.conv1.weight", "cat12.weight", "last.weight");

    /// <inheritdoc/>
    protected override RestorationNetwork Build(HiNetOptions options) => new(Name, new HiNet(options))
    {
        InputChannels = options.Channels,
        DeepLayer = $"up_path_2.{options.Depth - 2}.conv_block",
        OutputChannels = 3,
        Size = new() { Multiple = 1 << (options.Depth - 1) },
        // Instance normalization takes its statistics from the whole image.
        Tiling = options.FirstNormalizedLevel <= Math.Min(options.LastNormalizedLevel, options.Depth - 1) ? TilingSupport.Discouraged : TilingSupport.Supported,
    };

    private static bool SharesStart(string start) => start switch
    {
        "conv_01" => true,
        "conv_02" => false,
        _ => throw new ArgumentException($"Hyper-parameter 'second_start': found '{start}'; expected 'conv_01' or 'conv_02'.", nameof(start)),
    };

    // The depth stands for none.
    private static IEnumerable<int> Normalized(IReadOnlyDictionary<string, TensorShape> keys)
    {
        int depth = keys.SequenceLength("down_path_1.");
        return Enumerable.Range(0, depth).Where(i => keys.ContainsKey($"down_path_1.{i}.norm.weight")).DefaultIfEmpty(depth);
    }
}
