using Gir.Degradations.Depth;
using Gir.Imaging.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Degradations;

/// <summary>Registers the degradations with a container.</summary>
public static class GirDegradationsServiceCollectionExtensions
{
    /// <summary>
    /// Adds, unless they are there, a <see cref="DegradationCatalog"/>, the <see cref="DegradationPipelineOptions"/> to build pipelines
    /// with, and an <see cref="IDepthEstimator"/> (the heuristic one). The container's configuration, if it has one, is read first (section "Gir:Degradations"); the options are
    /// validated when the host starts, or when first asked for.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirDegradations(this IServiceCollection services, Action<GirDegradationsOptions>? configure = null)
    {
        services.AddSectionOptions(configure);
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<GirDegradationsOptions>>().Value.Build());
        services.TryAddSingleton(provider => provider.GetRequiredService<DegradationPipelineOptions>().Catalog);
        services.TryAddSingleton<IDepthEstimator>(_ => new HeuristicDepthEstimator());
        return services;
    }
}
