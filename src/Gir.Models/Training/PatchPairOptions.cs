namespace Gir.Models.Training;

/// <summary>How patches are cut; the default is the paper's setting.</summary>
public sealed record PatchPairOptions
{
    /// <summary>The paper's: 8 patches of 128 x 128.</summary>
    public static PatchPairOptions Paper { get; } = new();

    /// <summary>A reduced setting for a processor: 8 patches of 64 x 64.</summary>
    public static PatchPairOptions Reduced { get; } = new() { PatchSize = 64 };

    /// <summary>Height and width of a patch; default 128.</summary>
    public int PatchSize { get; init; } = 128;

    /// <summary>Patches per step; default 8.</summary>
    public int BatchSize { get; init; } = 8;

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

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PatchSize, 1, nameof(PatchSize));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PatchSize, 8192, nameof(PatchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1, nameof(BatchSize));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 65536, nameof(BatchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(Thumbnail, 0, nameof(Thumbnail));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Thumbnail, 1024, nameof(Thumbnail));
        ArgumentOutOfRangeException.ThrowIfLessThan(Prefetch, 1, nameof(Prefetch));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Prefetch, 1024, nameof(Prefetch));
    }
}
