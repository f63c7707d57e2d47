using System.Globalization;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>Distance of the restored patch from the clean one, pixel by pixel.</summary>
/// <param name="Kind">The distance.</param>
public sealed record PixelObjective(TrainingLoss Kind) : ITrainingObjective
{
    /// <summary>The mean squared error that <see cref="TrainingLoss.Psnr"/> adds before the logarithm, above 0; default 1e-3, an error of 30 dB.</summary>
    public double PsnrEpsilon { get; init; } = TrainerOptions.DefaultPsnrEpsilon;

    /// <inheritdoc/>
    public string Description => Kind == TrainingLoss.Psnr && PsnrEpsilon != TrainerOptions.DefaultPsnrEpsilon
        ? string.Create(CultureInfo.InvariantCulture, $"{Kind} above {PsnrEpsilon}")
        : Kind.ToString();

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
        TrainingLoss.Psnr => restored.PsnrLoss(clean, (float)PsnrEpsilon),
        _ => restored.L1Loss(clean),
    };
}
