using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Srcnn;

/// <summary>Recognises SRCNN: exactly the three convolutions conv1, conv2, conv3.</summary>
public sealed class SrcnnDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "SRCNN";

    /// <inheritdoc/>
    public override string Description => "Three convolutions (Dong et al. 2014)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.Count == 6 && keys.IsConvolution("conv1.weight") && keys.IsConvolution("conv2.weight") && keys.IsConvolution("conv3.weight")
        && keys.ContainsAll("conv1.bias", "conv2.bias", "conv3.bias");

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper) => Build(new SrcnnOptions
    {
        Channels = keys.Size("conv1.weight", 1),
        Kernel1 = keys.Size("conv1.weight", 2),
        Kernel2 = keys.Size("conv2.weight", 2),
        Kernel3 = keys.Size("conv3.weight", 2),
        Features1 = keys.Size("conv1.weight", 0),
        Features2 = keys.Size("conv2.weight", 0),
    });

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new SrcnnOptions();
        int[] kernels = hyper.Ints("kernels") ?? [options.Kernel1, options.Kernel2, options.Kernel3];
        int[] features = hyper.Ints("features") ?? [options.Features1, options.Features2];
        if (kernels.Length != 3 || features.Length != 2)
            throw new ArgumentException($"SRCNN: found {kernels.Length} kernels and {features.Length} features; expected 3 and 2.", nameof(hyper));
        return Build(options with
        {
            Channels = hyper.Int("channels") ?? options.Channels,
            Kernel1 = kernels[0],
            Kernel2 = kernels[1],
            Kernel3 = kernels[2],
            Features1 = features[0],
            Features2 = features[1],
            StartsAsIdentity = hyper.Flag("identity_start") ?? options.StartsAsIdentity,
        });
    }

    private RestorationNetwork Build(SrcnnOptions options) => new(Name, new Srcnn(options))
    {
        InputChannels = options.Channels,
        OutputChannels = options.Channels,
        Configuration = options.ToString(),
    };
}
