using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Total">Steps of the whole training.</param>
/// <param name="Loss">The loss, smoothed over about 100 steps.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="StepsPerSecond">Speed since the last report, validation and saving left out; 0 where nothing was measured.</param>
/// <param name="Remaining">Time to the end at that speed; null where it is not known.</param>
/// <param name="DataWaitShare">Share of that time spent waiting for patches, 0..1: near 0 where the pipeline keeps up.</param>
/// <param name="Validation">The last validation's result; null before the first.</param>
public sealed record TrainingProgress(
    long Step, long Total, double Loss, double LearningRate, double StepsPerSecond, TimeSpan? Remaining, double DataWaitShare, double? Validation);

/// <summary>What a run of a training came to.</summary>
/// <param name="Step">Steps done by this and all earlier runs.</param>
/// <param name="Total">Steps of the whole training.</param>
/// <param name="FirstStep">Steps that had been done when this run began: 0, or where it resumed.</param>
/// <param name="Loss">The smoothed loss; NaN where no step was done.</param>
/// <param name="Validation">The last validation's result; null where there was none.</param>
/// <param name="Best">The best validation's result; null where there was none.</param>
/// <param name="BestStep">The step it belongs to; null where there was none.</param>
/// <param name="LastCheckpoint">Path of the checkpoint to resume from.</param>
/// <param name="BestCheckpoint">Path of the weights to use: the best validated, or the latest where there is no validation; null where none were written yet.</param>
public sealed record TrainingResult(
    long Step, long Total, long FirstStep, double Loss, double? Validation, double? Best, long? BestStep, string LastCheckpoint, string? BestCheckpoint)
{
    /// <summary>Whether the training came to its end; false where it was canceled or stopped, and can be resumed.</summary>
    public bool IsComplete => Step == Total;
}

/// <summary>Rates a network during its training, e.g. by PSNR on images kept apart; a pure function, so that a resumed training goes on alike.</summary>
/// <param name="network">The network with the weights to rate (the averaged ones, where there are any), in its inference form.</param>
/// <param name="cancellationToken">Asks to stop; the training is then saved, and validates again when resumed.</param>
/// <returns>The rating; higher is better.</returns>
public delegate double TrainingValidation(RestorationNetwork network, CancellationToken cancellationToken);
