using Gir.Imaging;

namespace Gir.Evaluation.Quality;

/// <summary>What a <see cref="QualityTraining"/> learns from, and where.</summary>
public sealed record QualityTrainingOptions
{
    /// <summary>A folder of photographs to learn from, beside the recipe's procedural scenes; default null: none.</summary>
    public string? Images { get; init; }

    /// <summary>A folder of other photographs to test the models on; default null: they are not tested.</summary>
    public string? Test { get; init; }

    /// <summary>Folder of features, checkpoints and models; default "gir-quality".</summary>
    public string Output { get; init; } = "gir-quality";

    /// <summary>Threads; nothing depends on them.</summary>
    public Parallelism Parallelism { get; init; }
}
