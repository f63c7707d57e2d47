using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.DnCnn;

/// <summary>
/// Recognises KAIR's chains: DnCNN (as many inputs as outputs), IRCNN (the same with exactly seven layers; metadata "architecture" may say
/// otherwise) and FDnCNN (one more input).
/// </summary>
public sealed class DnCnnDescriptor : ArchitectureDescriptor
{
    private const int IrCnnLayers = 7;

    /// <inheritdoc/>
    public override string Name => "DnCNN";

    /// <inheritdoc/>
    public override string Description => "Residual denoisers DnCNN, IRCNN and FDnCNN (Zhang et al. 2017; KAIR)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        KairChain.Read(keys) is { } chain
        && (chain.InputChannels == chain.OutputChannels || (chain.InputChannels == chain.OutputChannels + 1 && chain.OutputChannels is 1 or 3));

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        KairChain chain = KairChain.Read(keys) ?? throw new ArgumentException("The keys are not those of a chain of convolutions.", nameof(keys));
        bool residual = chain.InputChannels == chain.OutputChannels;
        // Seven plain layers are IRCNN's published depth and no DnCNN's; "nb" is an argument of DnCNN alone.
        bool dilated = residual && chain.Layers == IrCnnLayers && !chain.BatchNormalization && hyper.Int("nb") is null;
        return Build(new DnCnnOptions
        {
            InputChannels = chain.InputChannels,
            OutputChannels = chain.OutputChannels,
            Features = chain.Features,
            Layers = chain.Layers,
            BatchNormalization = chain.BatchNormalization,
            PredictsNoise = residual,
            Dilations = dilated ? DnCnnOptions.IrCnn(1).Dilations : null,
        });
    }

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new DnCnnOptions();
        int input = hyper.Int("in_nc") ?? options.InputChannels;
        int output = hyper.Int("out_nc") ?? hyper.Int("in_nc") ?? options.OutputChannels;
        return Build(options with
        {
            InputChannels = input,
            OutputChannels = output,
            Features = hyper.Int("nc") ?? options.Features,
            Layers = hyper.Int("nb") ?? (output == 3 ? 20 : 17),
            BatchNormalization = (hyper.Text("act_mode") ?? "R").Contains('B', StringComparison.Ordinal),
            PredictsNoise = input == output,
        });
    }

    private RestorationNetwork Build(DnCnnOptions options) =>
        new(options.Dilations is not null ? "IRCNN" : options.PredictsNoise ? Name : "FDnCNN", new DnCnn(options))
        {
            InputChannels = options.OutputChannels,
            OutputChannels = options.OutputChannels,
            TakesNoiseMap = !options.PredictsNoise,
            Configuration = options.Describe(),
        };
}
