using Gir.Degradations.Depth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Degradations;

/// <summary>Registers the degradations with a container.</summary>
public static class GirDegradationsServiceCollectionExtensions
{
    /// <summary>
    /// Adds, unless they are there, a <see cref="DegradationCatalog"/>, the <see cref="DegradationPipelineOptions"/> to build pipelines
    /// with, and an <see cref="IDepthEstimator"/> (the heuristic one). The options are validated when first asked for.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirDegradations(this IServiceCollection services, Action<DegradationsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<DegradationsOptions> options = services.AddOptions<DegradationsOptions>();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DegradationsOptions>, Validator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<DegradationsOptions>>().Value.Build());
        services.TryAddSingleton(provider => provider.GetRequiredService<DegradationPipelineOptions>().Catalog);
        services.TryAddSingleton<IDepthEstimator>(_ => new HeuristicDepthEstimator());
        return services;
    }

    private sealed class Validator : IValidateOptions<DegradationsOptions>
    {
        public ValidateOptionsResult Validate(string? name, DegradationsOptions options) =>
            options.Fault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
    }
}
