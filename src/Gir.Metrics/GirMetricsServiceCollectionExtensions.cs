using Gir.Imaging.Settings;
using Gir.Metrics.NoReference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Metrics;

/// <summary>Registers the metrics with a container.</summary>
public static class GirMetricsServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IMetricCatalog"/>, unless there is one. The container's configuration, if it has one, is read first
    /// (section "Gir:Metrics"); the options are validated when the host starts, or when first asked for.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirMetrics(this IServiceCollection services, Action<GirMetricsOptions>? configure = null)
    {
        services.AddSectionOptions(configure);
        services.TryAddSingleton<IMetricCatalog>(provider =>
        {
            GirMetricsOptions value = provider.GetRequiredService<IOptions<GirMetricsOptions>>().Value;
            return new MetricCatalog(value.Profile, value.NiqeModelPath is null ? null : NiqeModel.Load(value.NiqeModelPath));
        });
        return services;
    }
}
