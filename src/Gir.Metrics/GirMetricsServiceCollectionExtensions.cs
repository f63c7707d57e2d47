using Gir.Metrics.NoReference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Metrics;

/// <summary>Registers the metrics with a container.</summary>
public static class GirMetricsServiceCollectionExtensions
{
    /// <summary>Adds an <see cref="IMetricCatalog"/>, unless there is one; its options are validated when it is first asked for.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirMetrics(this IServiceCollection services, Action<GirMetricsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<GirMetricsOptions> options = services.AddOptions<GirMetricsOptions>()
            .Validate(o => o.Profile is { Crop: >= 0, PsnrCap: > 0, PsnrEpsilon: >= 0 and < double.PositiveInfinity }, "GirMetricsOptions.Profile needs a crop of at least 0, a PSNR cap above 0 and a finite epsilon of at least 0.");
        if (configure is not null)
            options.Configure(configure);
        services.TryAddSingleton<IMetricCatalog>(provider =>
        {
            GirMetricsOptions value = provider.GetRequiredService<IOptions<GirMetricsOptions>>().Value;
            return new MetricCatalog(value.Profile, value.NiqeModelPath is null ? null : NiqeModel.Load(value.NiqeModelPath));
        });
        return services;
    }
}
