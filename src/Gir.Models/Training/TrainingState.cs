namespace Gir.Models.Training;

/// <summary>What a training knows beside tensors; a checkpoint holds it.</summary>
internal sealed record TrainingState
{
    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>The step up to which validation and log are done: one less than <see cref="Step"/> where a validation was interrupted.</summary>
    public long SettledStep { get; init; }

    /// <summary>The last step's loss.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>Exponential mean of the losses.</summary>
    public double SmoothedLoss { get; init; } = double.NaN;

    /// <summary>The last step's learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>The last step's gradient norm.</summary>
    public double GradientNorm { get; init; }

    /// <summary>The last validation's result.</summary>
    public double? Validation { get; init; }

    /// <summary>The best validation's result.</summary>
    public double? Best { get; init; }

    /// <summary>The step it belongs to.</summary>
    public long? BestStep { get; init; }
}
