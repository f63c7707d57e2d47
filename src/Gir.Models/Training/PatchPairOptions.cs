namespace Gir.Models.Training;

/// <summary>How patches are cut; the default is the paper's setting.</summary>
public sealed record PatchPairOptions
{
    /// <summary>The paper's: 8 patches of 128 x 128.</summary>
    public static PatchPairOptions Paper { get; } = new();

    /// <summary>Height and width of a patch; default 128.</summary>
    public int PatchSize { get; init; } = 128;

    /// <summary>Patches per step; default 8.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Stages before patches have <see cref="PatchSize"/> and steps <see cref="BatchSize"/> of them, in their order; default none.</summary>
    public IReadOnlyList<PatchStage> Stages { get; init; } = [];

    /// <summary>Whether each patch is turned and mirrored into one of its eight orientations; default true.</summary>
    public bool Augment { get; init; } = true;

    /// <summary>
    /// Whether each sample brings a second patch of the same image and with the same degradation, for contrastive learning; default false.
    /// A strip of twice the width is then cut, degraded and halved.
    /// </summary>
    public bool Contrast { get; init; }

    /// <summary>
    /// Height and width of the thumbnail of the whole degraded picture that comes with each patch, for networks that want one; default 0: none. Only
    /// tasks with a <see cref="TrainingTask.PictureTransform"/> may have them.
    /// </summary>
    public int Thumbnail { get; init; }

    /// <summary>Seed of all draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Batches made ahead, 1..1024; default 4.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>All stages, the last one included, which has no end.</summary>
    internal IEnumerable<PatchStage> AllStages => Stages.Append(new PatchStage(long.MaxValue, PatchSize, BatchSize));

    /// <summary>The stage of a step.</summary>
    internal PatchStage At(long step) => AllStages.First(s => step < s.Until);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Stages);
        long begin = 0;
        foreach (PatchStage stage in AllStages)
        {
            ArgumentNullException.ThrowIfNull(stage, nameof(Stages));
            if (stage.Until <= begin)
                throw new ArgumentOutOfRangeException(nameof(Stages), stage.Until, $"Expected a stage to end after step {begin}, where it begins.");
            begin = stage.Until;
            ArgumentOutOfRangeException.ThrowIfLessThan(stage.PatchSize, 1, nameof(PatchSize));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(stage.PatchSize, 8192, nameof(PatchSize));
            ArgumentOutOfRangeException.ThrowIfLessThan(stage.BatchSize, 1, nameof(BatchSize));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(stage.BatchSize, 65536, nameof(BatchSize));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Thumbnail, 0, nameof(Thumbnail));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Thumbnail, 1024, nameof(Thumbnail));
        ArgumentOutOfRangeException.ThrowIfLessThan(Prefetch, 1, nameof(Prefetch));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Prefetch, 1024, nameof(Prefetch));
    }
}
