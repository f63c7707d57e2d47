using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.HiNet;

/// <summary>Recognises HINet; the slope is metadata's "relu_slope" or the published 0.2.</summary>
public sealed class HiNetDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "HINet";

    /// <inheritdoc/>
    public override string Description => "Two-stage U-Net with half instance normalisation (Chen et al. 2021)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("conv_01.weight", "conv_02.weight", "down_path_1.0.conv_1.weight", "down_path_2.0.csff_enc.weight", "sam12.conv1.weight", "cat12.weight", "last.weight");

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        int depth = keys.SequenceLength("down_path_1.");
        int[] normalized = [.. Enumerable.Range(0, depth).Where(i => keys.ContainsKey($"down_path_1.{i}.norm.weight"))];
        return Build(new HiNetOptions
        {
            Channels = keys.Size("conv_01.weight", 1),
            Width = keys.Size("conv_01.weight", 0),
            Depth = depth,
            Slope = (float)(hyper.Number("relu_slope") ?? 0.2),
            FirstNormalizedLevel = normalized.Length > 0 ? normalized[0] : depth,
            LastNormalizedLevel = normalized.Length > 0 ? normalized[^1] : depth,
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new HiNetOptions();
        return Build(options with
        {
            Channels = hyper.Int("in_chn") ?? options.Channels,
            Width = hyper.Int("wf") ?? options.Width,
            Depth = hyper.Int("depth") ?? options.Depth,
            Slope = (float)(hyper.Number("relu_slope") ?? options.Slope),
            FirstNormalizedLevel = hyper.Int("hin_position_left") ?? options.FirstNormalizedLevel,
            LastNormalizedLevel = hyper.Int("hin_position_right") ?? options.LastNormalizedLevel,
        });
    }

    private RestorationNetwork Build(HiNetOptions options) => new(Name, new HiNet(options))
    {
        InputChannels = options.Channels,
        OutputChannels = 3,
        SizeMultiple = 1 << (options.Depth - 1),
        // Instance normalisation takes its statistics from the whole image.
        Tiling = options.FirstNormalizedLevel <= Math.Min(options.LastNormalizedLevel, options.Depth - 1) ? TilingSupport.Discouraged : TilingSupport.Supported,
        Configuration = options.ToString(),
    };
}
