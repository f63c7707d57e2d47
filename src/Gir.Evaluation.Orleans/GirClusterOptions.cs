using Gir.Evaluation.Execution;
using Gir.Imaging.Settings;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Orleans;

/// <summary>
/// Settings of <see cref="GirClusterServiceCollectionExtensions.AddGirCluster"/>. Configuration section "Gir:Cluster", with Cores, ImageBytes and Restorers (names, files or
/// classical restorers with settings, as <see cref="Gir.Models.Restoration.Restorers.Create"/> takes them).
/// </summary>
public sealed class GirClusterOptions : ISectionOptions
{
    /// <summary>How many orders this silo works on at a time, each on a thread of its own. Default: one per processor.</summary>
    public int Cores { get; set; } = Environment.ProcessorCount;

    /// <summary>Bytes of packed images that this silo keeps; also the largest image it takes. Default: 512 MiB.</summary>
    public long ImageBytes { get; set; } = 512L << 20;

    /// <summary>The restorers that this silo has. Default none: those of <see cref="Restorers"/>, or all that come with the packages.</summary>
    public IList<IRestorer> Models { get; set; } = [];

    /// <summary>The same by name; default none.</summary>
    public IList<string> Restorers { get; set; } = [];

    /// <summary>How the container's <see cref="IBenchmarkExecutor"/> shares work out.</summary>
    public ClusterExecutorOptions Execution { get; set; } = new();

    static string ISectionOptions.Section => "Gir:Cluster";

    void ISectionOptions.Read(SettingsReader settings)
    {
        settings.Integer(nameof(Cores), v => Cores = v);
        settings.Long(nameof(ImageBytes), v => ImageBytes = v);
        settings.Texts(nameof(Restorers), v => Restorers = v);
    }

    IEnumerable<string> ISectionOptions.Faults()
    {
        if (Cores is < 1 or > 1024)
            yield return $"Cores is {Cores}; expected 1..1024.";
        if (ImageBytes < 1 << 20)
            yield return $"ImageBytes is {ImageBytes}; expected at least {1 << 20}.";
        if (Models is null)
            yield return "Models must not be null.";
        if (Restorers is null)
            yield return "Restorers must not be null.";
        if (Execution is null)
            yield return "Execution must not be null.";
    }
}
