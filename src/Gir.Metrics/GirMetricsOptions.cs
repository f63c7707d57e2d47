using Gir.Imaging.Settings;

namespace Gir.Metrics;

/// <summary>
/// What <see cref="GirMetricsServiceCollectionExtensions.AddGirMetrics"/> sets up. Configuration section "Gir:Metrics", with Profile by its name, as
/// <see cref="MetricProfile.Parse"/> takes it, and NiqeModelPath.
/// </summary>
public sealed class GirMetricsOptions : ISectionOptions
{
    /// <summary>The conventions of all metrics; default <see cref="MetricProfile.Default"/>.</summary>
    public MetricProfile Profile { get; set; } = MetricProfile.Default;

    /// <summary>A NIQE model file (.mat or .npz) read when the catalog is first asked for; default null, the built-in model.</summary>
    public string? NiqeModelPath { get; set; }

    static string ISectionOptions.Section => "Gir:Metrics";

    void ISectionOptions.Read(SettingsReader settings)
    {
        settings.Text(nameof(Profile), v => Profile = MetricProfile.Parse(v));
        settings.Text(nameof(NiqeModelPath), v => NiqeModelPath = v);
    }

    IEnumerable<string> ISectionOptions.Faults()
    {
        if (Profile is not { Crop: >= 0, PsnrCap: > 0, PsnrEpsilon: >= 0 and < double.PositiveInfinity })
            yield return "Profile needs a crop of at least 0, a PSNR cap above 0 and a finite epsilon of at least 0.";
        if (NiqeModelPath is not null && !File.Exists(NiqeModelPath))
            yield return $"NiqeModelPath is '{NiqeModelPath}', and there is no such file.";
    }
}
