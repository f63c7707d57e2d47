using Gir.Models.Backbones.Dasr;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>
/// Trains <see cref="Dasr"/> (Wang et al., CVPR 2021, section 3): first the degradation encoder alone, by telling patches of one degradation from those
/// remembered; then everything, by the restored patch's distance and the contrast together.
/// </summary>
/// <remarks>
/// Needs <see cref="PatchPairOptions.Contrast"/>: n queries and n keys per step, so the paper's batch of 8, split in halves, is a batch size of 4.
/// Queue, its position and the key encoder are buffers and parameters of the network: checkpoints hold them.
/// </remarks>
public sealed record ContrastiveObjective : ITrainingObjective
{
    // The official code trains the encoder for 100 epochs and takes a tenth of the rate after 60.
    private const double RateFallsAt = 0.6;
    private const double RateFactor = 0.1;

    /// <summary>Distance of the restored patch from the clean one; default L1.</summary>
    public TrainingLoss Kind { get; init; } = TrainingLoss.L1;

    /// <summary>Steps in which only the encoder learns, at least 0; they count among <see cref="TrainerOptions.Iterations"/>. Default 50,000.</summary>
    public long EncoderIterations { get; init; } = 50_000;

    /// <summary>Learning rate of those steps, a tenth of it in the last 40 per cent; default 1e-3.</summary>
    public double EncoderLearningRate { get; init; } = 1e-3;

    /// <summary>
    /// Weight of the contrast beside the distance, at least 0. Default null: the network's range / 255, the official code's balance, whose
    /// images are in 0..255 and whose weight is 1.
    /// </summary>
    public double? ContrastWeight { get; init; }

    /// <inheritdoc/>
    public long PretrainingIterations => EncoderIterations;

    /// <inheritdoc/>
    public string Description => FormattableString.Invariant(
        $"{Kind} and contrast (weight {ContrastWeight?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "range/255"}), encoder alone for {EncoderIterations} at {EncoderLearningRate}");

    /// <inheritdoc/>
    public double PretrainingRate(long step) => step < RateFallsAt * EncoderIterations ? EncoderLearningRate : EncoderLearningRate * RateFactor;

    /// <inheritdoc/>
    public Tensor Loss(RestorationNetwork network, PatchTensors patches, long step)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(patches);
        Dasr dasr = Network(network);
        Tensor keys = patches.Keys ?? throw new ArgumentException("There are no keys; expected patches made with PatchPairOptions.Contrast.", nameof(patches));
        if (step < EncoderIterations)
            return Dasr.ContrastiveLoss(dasr.Contrast(patches.Degraded, keys));
        (Tensor restored, Tensor logits) = dasr.Train(patches.Degraded, keys);
        float weight = (float)(ContrastWeight ?? network.Range / 255);
        return new PixelObjective(Kind).Distance(restored, patches.Clean) + (Dasr.ContrastiveLoss(logits) * weight);
    }

    /// <inheritdoc/>
    public void Check(RestorationNetwork network, PatchPairSource source)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(EncoderIterations);
        if (!(EncoderLearningRate > 0 && double.IsFinite(EncoderLearningRate)))
            throw new ArgumentOutOfRangeException(nameof(EncoderLearningRate), EncoderLearningRate, "Expected a number above 0.");
        if (ContrastWeight is { } weight && !(weight >= 0 && double.IsFinite(weight)))
            throw new ArgumentOutOfRangeException(nameof(ContrastWeight), weight, "Expected a number of at least 0, or null.");
        int queue = Network(network).QueueLength;
        if (!source.Options.Contrast)
            throw new ArgumentException("The patches come without keys; set PatchPairOptions.Contrast.", nameof(source));
        if (source.Options.AllStages.FirstOrDefault(s => queue % s.BatchSize != 0) is { } stage)
            throw new ArgumentException($"The batch size is {stage.BatchSize}; expected a divisor of the queue's length {queue}.", nameof(source));
    }

    private static Dasr Network(RestorationNetwork network) => network.Module as Dasr
        ?? throw new ArgumentException($"The network is {network.Architecture}; expected DASR, which has a degradation encoder.", nameof(network));
}
