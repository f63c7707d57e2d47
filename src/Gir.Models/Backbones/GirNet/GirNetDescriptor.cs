using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.GirNet;

/// <summary>Recognises Gir's own blind network.</summary>
public sealed class GirNetDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "GirNet";

    /// <inheritdoc/>
    public override string Description => "Residual U-Net on unshuffled pixels, modulated by a code of the whole picture (Gir)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("encoder.0.weight", "encoder.3.weight", "head.weight", "down0.modulation.weight", "shrink2.weight", "grow2.weight", "tail.weight");

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        return Build(new GirNetOptions
        {
            Channels = keys.Size("encoder.0.weight", 1),
            Features = [keys.Size("head.weight", 0), keys.Size("shrink0.weight", 0), keys.Size("shrink1.weight", 0), keys.Size("shrink2.weight", 0)],
            Blocks = keys.SequenceLength("body."),
            Code = keys.Size("encoder.3.weight", 0),
            Thumbnail = hyper.Int("thumbnail") ?? new GirNetOptions().Thumbnail,
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new GirNetOptions();
        return Build(options with
        {
            Channels = hyper.Int("channels") ?? options.Channels,
            Features = hyper.Ints("features") ?? options.Features,
            Blocks = hyper.Int("blocks") ?? options.Blocks,
            Code = hyper.Int("code") ?? options.Code,
            Thumbnail = hyper.Int("thumbnail") ?? options.Thumbnail,
        });
    }

    private RestorationNetwork Build(GirNetOptions options) => new(Name, new GirNet(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        SizeMultiple = 16,
        PaddingMode = TensorPadMode.Replicate,
        Configuration = $"features [{string.Join(", ", options.Features)}], blocks {options.Blocks}, code {options.Code}, thumbnail {options.Thumbnail}",
    };
}
