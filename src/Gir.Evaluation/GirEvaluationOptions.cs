using Gir.Evaluation.Generality;
using Gir.Imaging;
using Gir.Imaging.Settings;

namespace Gir.Evaluation;

/// <summary>
/// Settings of <see cref="GirEvaluationServiceCollectionExtensions.AddGirEvaluation"/>. Configuration section "Gir:Evaluation", with Seed, MaxDegreeOfParallelism, FullReference,
/// NoReference and ResultsPath.
/// </summary>
public sealed class GirEvaluationOptions : ISectionOptions
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

    static string ISectionOptions.Section => "Gir:Evaluation";

    void ISectionOptions.Read(SettingsReader settings)
    {
        settings.Unsigned(nameof(Seed), v => Seed = v);
        settings.Integer("MaxDegreeOfParallelism", v => Parallelism = new Parallelism(v));
        settings.Texts(nameof(FullReference), v => FullReference = v);
        settings.Texts(nameof(NoReference), v => NoReference = v);
        settings.Text(nameof(ResultsPath), v => ResultsPath = v);
    }

    IEnumerable<string> ISectionOptions.Faults()
    {
        if (FullReference?.Contains(GeneralityReport.PsnrName) != true)
            yield return $"FullReference must hold '{GeneralityReport.PsnrName}': rates are made of it.";
        if (NoReference is null)
            yield return "NoReference must not be null.";
        if (Parallelism.MaxDegree < 0)
            yield return $"MaxDegreeOfParallelism is {Parallelism.MaxDegree}; expected at least 1.";
        if (Generality is null)
            yield return "Generality must not be null.";
    }
}
