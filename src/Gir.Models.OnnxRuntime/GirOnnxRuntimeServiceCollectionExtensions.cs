using Gir.Imaging.Settings;
using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Models.OnnxRuntime;

/// <summary>Registers ONNX models with a container.</summary>
public static class GirOnnxRuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Sets where the models of <see cref="AddGirOnnxModel"/> run. The container's configuration, if it has one, is read first (section "Gir:OnnxRuntime"); options are
    /// validated when the host starts, or when the first model is asked for.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirOnnxRuntime(this IServiceCollection services, Action<GirOnnxRuntimeOptions>? configure = null) =>
        services.AddSectionOptions(configure);

    /// <summary>
    /// Adds a model as a keyed <see cref="IRestorer"/>, unless the key is taken; the file is read when it is asked for first, and the container disposes of it.
    /// Providers, device and threads are those of <see cref="GirOnnxRuntimeOptions"/> where the model's own options leave them at their defaults.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="key">The key, also the restorer's name unless the options say another.</param>
    /// <param name="path">The model's file.</param>
    /// <param name="options">What the file does not say; null means the defaults.</param>
    public static IServiceCollection AddGirOnnxModel(this IServiceCollection services, string key, string path, OnnxRestorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var defaults = new OnnxRestorerOptions();
        OnnxRestorerOptions named = options ?? defaults;
        services.AddGirOnnxRuntime();
        services.TryAddKeyedSingleton<IRestorer>(key, (provider, _) =>
        {
            GirOnnxRuntimeOptions common = provider.GetRequiredService<IOptions<GirOnnxRuntimeOptions>>().Value;
            return OnnxRestorer.Load(path, named with
            {
                Name = named.Name ?? key,
                Providers = !named.Providers.SequenceEqual(defaults.Providers) || common.Providers.Count == 0 ? named.Providers : [.. common.Providers],
                DeviceId = named.DeviceId == 0 ? common.DeviceId : named.DeviceId,
                Restoration = named.Restoration with { MaxDegreeOfParallelism = named.Restoration.MaxDegreeOfParallelism ?? common.MaxDegreeOfParallelism },
            });
        });
        return services;
    }
}
