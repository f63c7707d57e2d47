namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>How far a study is.</summary>
/// <param name="Part">The experiment, or the network that is trained.</param>
/// <param name="Done">Images restored, or steps trained.</param>
/// <param name="Total">Of so many; 0 where it is not known.</param>
public sealed record DiffusionStudyProgress(string Part, long Done, long Total);

/// <summary>Counts and tells. Safe for concurrent use.</summary>
internal sealed class StudyProgress(string part, long total, IProgress<DiffusionStudyProgress>? told, CancellationToken cancellationToken)
{
    private long _done;

    public CancellationToken CancellationToken => cancellationToken;

    public void Step() => told?.Report(new DiffusionStudyProgress(part, Interlocked.Increment(ref _done), total));
}
