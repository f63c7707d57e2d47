using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Dasr;

/// <summary>Recognizes DASR with its encoders ("BlindSR"); without the mean-color layers it is general restoration's variant for inputs in 0..1.</summary>
internal sealed class DasrDescriptor : ArchitectureDescriptor<DasrOptions>
{
    /// <inheritdoc/>
    public override string Name => "DASR";

    /// <inheritdoc/>
    public override string Description => "Restoration that adapts to an unsupervised degradation code (Wang et al. 2021)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<DasrOptions>> Parameters { get; } =
    [
        Int("scale", o => o.Scale, (o, v) => o with { Scale = v }, ScaleOf),
        Int("n_groups", o => o.Groups, (o, v) => o with { Groups = v }, keys => keys.SequenceLength("G.body.") - 1),
        Int("n_blocks", o => o.Blocks, (o, v) => o with { Blocks = v }, keys => keys.SequenceLength("G.body.0.body.") - 1),
        Int("n_feats", o => o.Features, (o, v) => o with { Features = v }, keys => keys.Size("G.head.0.weight", 0)),
        Int(
            "reduction",
            o => o.Reduction,
            (o, v) => o with { Reduction = v },
            keys => keys.Size("G.head.0.weight", 0) / Math.Max(keys.Size("G.body.0.body.0.da_conv1.ca.conv_du.0.weight", 0), 1)),
        Ints(
            "encoder_widths",
            o => o.EncoderWidths,
            (o, v) => o with { EncoderWidths = v },
            keys => [keys.Size("E.encoder_q.E.0.weight", 0), keys.Size("E.encoder_q.E.6.weight", 0), keys.Size("E.encoder_q.E.12.weight", 0)]),
        Int("queue", o => o.QueueLength, (o, v) => o with { QueueLength = v }, keys => keys.Size("E.queue", 1)),
        Number("momentum", o => o.Momentum, (o, v) => o with { Momentum = (float)v }),
        Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = (float)v }),
        Flag("shifts_mean", o => o.ShiftsMean, (o, v) => o with { ShiftsMean = v }, keys => keys.ContainsKey("G.sub_mean.weight")),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("G.head.0.weight", "G.compress.0.weight", "G.body.0.body.0.da_conv1.kernel.0.weight", "G.tail.1.weight", "E.queue", "E.encoder_q.E.0.weight");

    /// <inheritdoc/>
    protected override RestorationNetwork Build(DasrOptions options) => new(Name, new Dasr(options))
    {
        DeepLayer = $"G.body.{options.Groups}",
        Scale = options.Scale,
        Range = options.ShiftsMean ? 255 : 1,
        // The degradation code is an average over the whole image.
        Tiling = TilingSupport.Discouraged,
    };

    private static int ScaleOf(IReadOnlyDictionary<string, TensorShape> keys)
    {
        if (keys.ContainsKey("G.tail.0.2.weight"))
            return 4;
        return keys.ContainsKey("G.tail.0.0.weight")
            ? (int)Math.Round(Math.Sqrt((double)keys.Size("G.tail.0.0.weight", 0) / Math.Max(keys.Size("G.head.0.weight", 0), 1)))
            : 1;
    }
}
