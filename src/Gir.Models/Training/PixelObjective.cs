using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>Distance of the restored patch from the clean one, pixel by pixel.</summary>
/// <param name="Kind">The distance.</param>
public sealed record PixelObjective(TrainingLoss Kind) : ITrainingObjective
{
    // An error of 30 dB. The gradient of log(e + epsilon) grows as the error e falls down to epsilon: with NAFNet's 1e-8, even with 1e-5, nearly clean samples
    // outweigh all others, and a network that starts as the identity stays it.
    private const float PsnrEpsilon = 1e-3f;

    /// <inheritdoc/>
    public string Description => Kind.ToString();

    /// <inheritdoc/>
    public Tensor Loss(RestorationNetwork network, PatchTensors patches, long step)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(patches);
        Tensor restored = network.Module is IPictureConditioned conditioned && patches.Thumbnails is { } thumbnails
            ? conditioned.Call(patches.Degraded, conditioned.Encode(thumbnails))
            : network.Module.Call(patches.Degraded);
        return Distance(restored, patches.Clean);
    }

    internal Tensor Distance(Tensor restored, Tensor clean) => Kind switch
    {
        TrainingLoss.Charbonnier => restored.CharbonnierLoss(clean),
        TrainingLoss.MeanSquaredError => restored.MeanSquaredErrorLoss(clean),
        TrainingLoss.Psnr => restored.PsnrLoss(clean, PsnrEpsilon),
        _ => restored.L1Loss(clean),
    };
}
