using Gir.Imaging;

namespace Gir.Models.Training;

/// <summary>A loss or gradient that is no number any more.</summary>
public sealed class TrainingDivergedException : GirException
{
    /// <summary>Says where and what.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="what">What is not finite, e.g. "loss".</param>
    /// <param name="value">Its value.</param>
    public TrainingDivergedException(long step, string what, double value)
        : base($"Step {step}: the {what} is {value}; expected a finite number. The checkpoints written before are intact; a smaller learning rate or a gradient clip may help.") =>
        Step = step;

    /// <summary>The step, from 0.</summary>
    public long Step { get; }
}

/// <summary>A checkpoint that another configuration's training has written.</summary>
public sealed class TrainingConfigurationException : GirException
{
    /// <summary>Says what differs.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="differences">What differs, each "name: found A, expected B".</param>
    public TrainingConfigurationException(string path, IReadOnlyList<string> differences)
        : base($"'{path}' was written by another training: {string.Join("; ", differences)}. Train with the same settings, or into another folder.") =>
        Differences = differences;

    /// <summary>What differs.</summary>
    public IReadOnlyList<string> Differences { get; }
}
