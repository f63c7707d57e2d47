using Gir.Evaluation.Generality;
using Gir.Imaging;

namespace Gir.Evaluation;

/// <summary>Settings of <see cref="GirEvaluationServiceCollectionExtensions.AddGirEvaluation"/>.</summary>
public sealed class GirEvaluationOptions
{
    /// <summary>The seed of all degradations; default 0.</summary>
    public ulong Seed { get; set; }

    /// <summary>How many images are worked on at a time; default: one per processor.</summary>
    public Parallelism Parallelism { get; set; } = Parallelism.AllProcessors;

    /// <summary>Metrics with a reference, by name; must hold "psnr". Default: psnr, ssim.</summary>
    public IList<string> FullReference { get; set; } = ["psnr", "ssim"];

    /// <summary>Metrics without a reference, by name; default none.</summary>
    public IList<string> NoReference { get; set; } = [];

    /// <summary>The file that keeps results; default null: nothing is kept.</summary>
    public string? ResultsPath { get; set; }

    /// <summary>How rates and intervals are computed.</summary>
    public GeneralityOptions Generality { get; set; } = GeneralityOptions.Default;
}
