using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.GirNet;

/// <summary>Recognizes Gir's own blind network; the size of its thumbnails leaves no trace: metadata "thumbnail", or 32.</summary>
internal sealed class GirNetDescriptor : ArchitectureDescriptor<GirNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "GirNet";

    /// <inheritdoc/>
    public override string Description => "Residual U-Net on unshuffled pixels, modulated by a code of the whole picture (Gir)";

    /// <inheritdoc/>
    protected override IReadOnlyList<HyperParameter<GirNetOptions>> Parameters { get; } =
    [
        Int("channels", o => o.Channels, (o, v) => o with { Channels = v }, keys => keys.Size("encoder.0.weight", 1) / PictureThumbnail.Planes(1)),
        Ints(
            "features",
            o => o.Features,
            (o, v) => o with { Features = v },
            keys => [keys.Size("head.weight", 0), keys.Size("shrink0.weight", 0), keys.Size("shrink1.weight", 0), keys.Size("shrink2.weight", 0)]),
        Int("blocks", o => o.Blocks, (o, v) => o with { Blocks = v }, keys => keys.SequenceLength("body.")),
        Int("code", o => o.Code, (o, v) => o with { Code = v }, keys => keys.Size("encoder.3.weight", 0)),
        Int("trust", o => o.Trust, (o, v) => o with { Trust = v }, keys => keys.ContainsKey("trust.0.weight") ? keys.Size("trust.0.weight", 0) : 0),
        Int("thumbnail", o => o.Thumbnail, (o, v) => o with { Thumbnail = v }),
    ];

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("encoder.0.weight", "encoder.3.weight", "head.weight", "down0.modulation.weight", "shrink2.weight", "grow2.weight", "tail.weight");

    /// <inheritdoc/>
    protected override RestorationNetwork Build(GirNetOptions options) => new(Name, new GirNet(options))
    {
        InputChannels = options.Channels,
        DeepLayer = "up0",
        OutputChannels = options.Channels,
        Size = new() { Multiple = 16, Padding = TensorPadMode.Replicate },
        // Below haze it looks 40 pixels far and more: with 64 shared, seams differ by up to 6 levels from what the whole image gives, with 128 by half a level.
        TileOverlap = 160,
    };
}
