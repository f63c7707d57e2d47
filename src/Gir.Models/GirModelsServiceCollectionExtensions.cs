using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Gir.Imaging;
using Gir.Imaging.Settings;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Zoo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gir.Models;

/// <summary>Registers the restorers with a container.</summary>
public static class GirModelsServiceCollectionExtensions
{
    /// <summary>
    /// Adds every classical restorer with its defaults, and every model that comes with the package (<see cref="ModelZoo.Shipped"/>), as a keyed
    /// <see cref="IRestorer"/>, by its name ("gaussian"), unless the key is taken; and a <see cref="RestorationQueue"/>. The container's configuration, if it has
    /// one, is read first (section "Gir:Models"); options are validated when the host starts, or when the first restorer is asked for. Models live on the
    /// container's <see cref="TensorBackend"/>, where it has one, else on <see cref="TensorBackend.Default"/>.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirModels(this IServiceCollection services, Action<GirModelsOptions>? configure = null)
    {
        services.AddSectionOptions(configure);
        services.TryAddSingleton(static provider =>
        {
            GirModelsOptions value = provider.GetRequiredService<IOptions<GirModelsOptions>>().Value;
            return new RestorationQueue(value.MaxRunning, value.MaxWaiting);
        });
        foreach (string name in ClassicalRestorers.Names)
        {
            services.TryAddKeyedSingleton<IRestorer>(name, static (provider, key) =>
            {
                GirModelsOptions value = provider.GetRequiredService<IOptions<GirModelsOptions>>().Value;
                return ClassicalRestorers.Find((string)key!, new Parallelism(value.MaxDegreeOfParallelism));
            });
        }

        foreach (string name in ModelZoo.Shipped)
        {
            services.TryAddKeyedSingleton<IRestorer>(name, static (provider, key) =>
            {
                GirModelsOptions value = provider.GetRequiredService<IOptions<GirModelsOptions>>().Value;
                var restoration = new NetworkRestorerOptions { MaxDegreeOfParallelism = value.MaxDegreeOfParallelism };
                var options = new ModelZooOptions { Restoration = restoration, Backend = provider.GetService<TensorBackend>() };
                return Load(provider, (string)key!, "the package", () => ModelZoo.LoadShipped((string)key!, options));
            });
        }

        return services;
    }

    /// <summary>
    /// Adds a network as a keyed <see cref="IRestorer"/>, unless the key is taken; the checkpoint is read when it is asked for first. Its threads are
    /// those of <see cref="GirModelsOptions"/>, its engine is the container's <see cref="TensorBackend"/>, unless its own options say otherwise.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="key">The key, also the restorer's name unless the options say another.</param>
    /// <param name="checkpoint">The checkpoint's file.</param>
    /// <param name="options">What the file does not say; null means the defaults.</param>
    public static IServiceCollection AddGirNetwork(this IServiceCollection services, string key, string checkpoint, ModelZooOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentException.ThrowIfNullOrEmpty(checkpoint);
        ModelZooOptions named = options ?? new ModelZooOptions();
        named = named with { Name = named.Name ?? key };
        services.AddSectionOptions<GirModelsOptions>(null);
        services.TryAddKeyedSingleton<IRestorer>(key, (provider, _) => Load(provider, key, checkpoint, () => ModelZoo.Load(checkpoint, named with
        {
            Backend = named.Backend ?? provider.GetService<TensorBackend>(),
            Restoration = named.Restoration with
            {
                MaxDegreeOfParallelism = named.Restoration.MaxDegreeOfParallelism
                    ?? provider.GetRequiredService<IOptions<GirModelsOptions>>().Value.MaxDegreeOfParallelism,
            },
        })));
        return services;
    }

    /// <summary>
    /// Adds <see cref="SingleTaskModels"/>, the step-by-step baseline, of other keyed restorers, as a keyed <see cref="ITaskAwareRestorer"/> and
    /// <see cref="IRestorer"/>, unless the key is taken; the models are made when it is asked for first.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="key">The key, also the restorer's name.</param>
    /// <param name="models">For each degradation's name the key of the restorer that undoes it, e.g. "noise" by "median".</param>
    public static IServiceCollection AddGirStepByStep(this IServiceCollection services, string key, IReadOnlyDictionary<string, string> models)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(models);
        services.TryAddKeyedSingleton<ITaskAwareRestorer>(key, (provider, _) => new SingleTaskModels(
            models.ToDictionary(m => m.Key, m => provider.GetRequiredKeyedService<IRestorer>(m.Value), StringComparer.Ordinal), key));
        services.TryAddKeyedSingleton<IRestorer>(key, static (provider, name) => provider.GetRequiredKeyedService<ITaskAwareRestorer>(name));
        return services;
    }

    private static NetworkRestorer Load(IServiceProvider provider, string key, string source, Func<NetworkRestorer> load)
    {
        ILogger logger = provider.GetService<ILoggerFactory>()?.CreateLogger(typeof(ModelZoo)) ?? NullLogger.Instance;
        long start = Stopwatch.GetTimestamp();
        NetworkRestorer restorer = load();
        ModelsLog.Loaded(logger, key, source, restorer.Network.Architecture, restorer.Info.ParameterCount, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        if (RuntimeInformation.ProcessArchitecture is Architecture.X64 && !Fma.IsSupported)
            ModelsLog.NoFusedMultiplyAdd(logger, key);
        return restorer;
    }
}
