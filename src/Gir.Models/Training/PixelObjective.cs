using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>Distance of the restored patch from the clean one, pixel by pixel.</summary>
/// <param name="Kind">The distance.</param>
public sealed record PixelObjective(TrainingLoss Kind) : ITrainingObjective
{
    /// <inheritdoc/>
    public string Description => Kind.ToString();

    /// <inheritdoc/>
    public Tensor Loss(RestorationNetwork network, PatchTensors patches, long step)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(patches);
        return Distance(network.Module.Call(patches.Degraded), patches.Clean);
    }

    internal Tensor Distance(Tensor restored, Tensor clean) => Kind switch
    {
        TrainingLoss.Charbonnier => restored.CharbonnierLoss(clean),
        TrainingLoss.MeanSquaredError => restored.MeanSquaredErrorLoss(clean),
        _ => restored.L1Loss(clean),
    };
}
