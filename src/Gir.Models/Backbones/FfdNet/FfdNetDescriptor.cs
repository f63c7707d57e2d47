using Gir.Models.Backbones.DnCnn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.FfdNet;

/// <summary>Recognises FFDNet: KAIR's chain from 4 c + 1 channels to 4 c.</summary>
public sealed class FfdNetDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "FFDNet";

    /// <inheritdoc/>
    public override string Description => "Denoising for a given noise level (Zhang et al. 2018; KAIR)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        KairChain.Read(keys) is { BatchNormalization: false } chain && chain.OutputChannels is 4 or 12 && chain.InputChannels == chain.OutputChannels + 1;

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        KairChain chain = KairChain.Read(keys) ?? throw new ArgumentException("The keys are not those of a chain of convolutions.", nameof(keys));
        return Build(new FfdNetOptions { Channels = chain.OutputChannels / 4, Features = chain.Features, Layers = chain.Layers });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        int channels = hyper.Int("in_nc") ?? 1;
        FfdNetOptions options = channels == 3 ? FfdNetOptions.Color : new FfdNetOptions { Channels = channels };
        return Build(options with { Features = hyper.Int("nc") ?? options.Features, Layers = hyper.Int("nb") ?? options.Layers });
    }

    private RestorationNetwork Build(FfdNetOptions options) => new(Name, new FfdNet(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        PaddingMode = TensorPadMode.Replicate,
        TakesNoiseMap = true,
        Configuration = options.ToString(),
    };
}
