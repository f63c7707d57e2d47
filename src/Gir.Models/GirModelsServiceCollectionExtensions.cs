using Gir.Imaging;
using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Models;

/// <summary>Settings of the restorers that a container creates.</summary>
public sealed class ModelsOptions
{
    /// <summary>Largest number of threads of one restoration, at least 1; default 1. Results do not depend on it.</summary>
    public int MaxDegreeOfParallelism { get; set; } = 1;
}

/// <summary>Registers the restorers with a container.</summary>
public static class GirModelsServiceCollectionExtensions
{
    /// <summary>
    /// Adds every classical restorer with its defaults as a keyed <see cref="IRestorer"/>, by its name ("gaussian"), unless the key is
    /// taken; options are validated when the first one is asked for.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirModels(this IServiceCollection services, Action<ModelsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<ModelsOptions> options = services.AddOptions<ModelsOptions>()
            .Validate(o => o.MaxDegreeOfParallelism >= 1, "ModelsOptions.MaxDegreeOfParallelism needs to be at least 1.");
        if (configure is not null)
            options.Configure(configure);
        foreach (string name in ClassicalRestorers.Names)
        {
            services.TryAddKeyedSingleton<IRestorer>(name, static (provider, key) =>
            {
                ModelsOptions value = provider.GetRequiredService<IOptions<ModelsOptions>>().Value;
                return ClassicalRestorers.Find((string)key!, new Parallelism(value.MaxDegreeOfParallelism));
            });
        }

        return services;
    }
}
