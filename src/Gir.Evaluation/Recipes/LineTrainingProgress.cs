using Gir.Evaluation.Lines;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>Which of a task's two lines.</summary>
public enum LineKind
{
    /// <summary>The smaller network's: from here on a restoration is acceptable.</summary>
    Acceptance,

    /// <summary>The larger network's: from here on it is excellent.</summary>
    Excellence,
}

/// <summary>How far a <see cref="LineTraining"/> is.</summary>
/// <param name="Task">The task's id.</param>
/// <param name="Kind">The line that is being made.</param>
/// <param name="Index">The task's place, from 0.</param>
/// <param name="Total">How many tasks there are.</param>
public sealed record LineTrainingProgress(string Task, LineKind Kind, int Index, int Total)
{
    /// <summary>How far its network is; null while images are made and when it is measured.</summary>
    public TrainingProgress? Training { get; init; }

    /// <summary>The line, mean PSNR in dB; null before.</summary>
    public double? Psnr { get; init; }
}

/// <summary>What a run of a <see cref="LineTraining"/> came to.</summary>
/// <param name="Done">How many of the tasks asked for are done.</param>
/// <param name="Total">How many were asked for.</param>
/// <param name="Lines">The lines of all tasks that are done, of earlier runs too.</param>
/// <param name="Refused">Tasks without lines because the larger network fell behind the smaller one: it has to learn longer.</param>
public sealed record LineTrainingResult(int Done, int Total, QualityLines Lines, IReadOnlyList<string> Refused)
{
    /// <summary>Whether all tasks that were asked for are done.</summary>
    public bool IsComplete => Done == Total;
}

/// <summary>A network's line on disk.</summary>
internal sealed record LineRecord(
    string Task, LineKind Kind, double Psnr, double InputPsnr, string Pipeline, string TestSet, string TestSetHash, string Recipe);
