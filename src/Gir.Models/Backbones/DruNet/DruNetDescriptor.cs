using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.DruNet;

/// <summary>Recognises DRUNet with strided and transposed convolutions between levels, as published.</summary>
public sealed class DruNetDescriptor : ArchitectureDescriptor
{
    /// <inheritdoc/>
    public override string Name => "DRUNet";

    /// <inheritdoc/>
    public override string Description => "Residual U-Net denoiser for a given noise level (Zhang et al. 2021; KAIR)";

    /// <inheritdoc/>
    public override bool Matches(IReadOnlyDictionary<string, TensorShape> keys) =>
        keys.ContainsAll("m_head.weight", "m_tail.weight", "m_up1.0.weight", "m_up2.0.weight", "m_up3.0.weight", "m_down1.0.res.0.weight")
        && keys.TryGetValue($"m_down1.{keys.SequenceLength("m_down1.") - 1}.weight", out TensorShape down)
        && down.Rank == 4 && down[2] == 2 && down[3] == 2;

    /// <inheritdoc/>
    public override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper) => Build(new DruNetOptions
    {
        InputChannels = keys.Size("m_head.weight", 1),
        OutputChannels = keys.Size("m_tail.weight", 0),
        Features = [keys.Size("m_head.weight", 0), keys.Size("m_up2.0.weight", 1), keys.Size("m_up3.0.weight", 1), keys.Size("m_up3.0.weight", 0)],
        Blocks = keys.SequenceLength("m_down1.") - 1,
        Bias = keys.ContainsKey("m_head.bias"),
        Residual = hyper.Flag("residual") ?? false,
    });

    /// <inheritdoc/>
    public override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        var options = new DruNetOptions();
        return Build(options with
        {
            InputChannels = hyper.Int("in_nc") ?? options.InputChannels,
            OutputChannels = hyper.Int("out_nc") ?? options.OutputChannels,
            Features = hyper.Ints("nc") ?? options.Features,
            Blocks = hyper.Int("nb") ?? options.Blocks,
            Bias = hyper.Flag("bias") ?? options.Bias,
            Residual = hyper.Flag("residual") ?? options.Residual,
        });
    }

    private RestorationNetwork Build(DruNetOptions options) => new(Name, new DruNet(options))
    {
        InputChannels = options.OutputChannels,
        OutputChannels = options.OutputChannels,
        SizeMultiple = 8,
        PaddingMode = TensorPadMode.Replicate,
        TakesNoiseMap = options.InputChannels == options.OutputChannels + 1,
        Configuration = options.Describe(),
    };
}
