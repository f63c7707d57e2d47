using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Dasr;

/// <summary>Recognises DASR with its encoders ("BlindSR"); without the mean-colour layers it is general restoration's variant for inputs in 0..1.</summary>
public sealed class DasrDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "DASR";

    /// <inheritdoc/>
    public override string Description => "Restoration that adapts to an unsupervised degradation code (Wang et al. 2021)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("G.head.0.weight", "G.compress.0.weight", "G.body.0.body.0.da_conv1.kernel.0.weight", "G.tail.1.weight", "E.queue", "E.encoder_q.E.0.weight");

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        int features = keys.Size("G.head.0.weight", 0);
        int scale = 1;
        if (keys.ContainsKey("G.tail.0.2.weight"))
            scale = 4;
        else if (keys.ContainsKey("G.tail.0.0.weight"))
            scale = (int)Math.Round(Math.Sqrt((double)keys.Size("G.tail.0.0.weight", 0) / Math.Max(features, 1)));
        return Build(new DasrOptions
        {
            Scale = scale,
            Groups = keys.SequenceLength("G.body.") - 1,
            Blocks = keys.SequenceLength("G.body.0.body.") - 1,
            Features = features,
            Reduction = features / Math.Max(keys.Size("G.body.0.body.0.da_conv1.ca.conv_du.0.weight", 0), 1),
            EncoderWidths = [.. new[] { 0, 6, 12 }.Select(i => keys.Size($"E.encoder_q.E.{i}.weight", 0))],
            QueueLength = keys.Size("E.queue", 1),
            Momentum = (float)(hyper.Number("momentum") ?? 0.999),
            Temperature = (float)(hyper.Number("temperature") ?? 0.07),
            ShiftsMean = keys.ContainsKey("G.sub_mean.weight"),
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new DasrOptions();
        return Build(options with
        {
            Scale = hyper.Int("scale") ?? options.Scale,
            Groups = hyper.Int("n_groups") ?? options.Groups,
            Blocks = hyper.Int("n_blocks") ?? options.Blocks,
            Features = hyper.Int("n_feats") ?? options.Features,
            Reduction = hyper.Int("reduction") ?? options.Reduction,
            EncoderWidths = hyper.Ints("encoder_widths") ?? options.EncoderWidths,
            QueueLength = hyper.Int("queue") ?? options.QueueLength,
            Momentum = (float)(hyper.Number("momentum") ?? options.Momentum),
            Temperature = (float)(hyper.Number("temperature") ?? options.Temperature),
            ShiftsMean = hyper.Flag("shifts_mean") ?? options.ShiftsMean,
        });
    }

    private RestorationNetwork Build(DasrOptions options) => new(Name, new Dasr(options))
    {
        Scale = options.Scale,
        Range = options.ShiftsMean ? 255 : 1,
        // The degradation code is an average over the whole image.
        Tiling = TilingSupport.Discouraged,
        Configuration = options.Describe(),
    };
}
