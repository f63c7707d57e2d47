namespace Gir.Metrics;

/// <summary>What <see cref="GirMetricsServiceCollectionExtensions.AddGirMetrics"/> sets up.</summary>
public sealed class GirMetricsOptions
{
    /// <summary>The conventions of all metrics; default <see cref="MetricProfile.Default"/>.</summary>
    public MetricProfile Profile { get; set; } = MetricProfile.Default;

    /// <summary>A NIQE model file (.mat or .npz) read when the catalog is first asked for; default null, the built-in model.</summary>
    public string? NiqeModelPath { get; set; }
}
