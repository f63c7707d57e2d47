using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Models.OnnxRuntime;

/// <summary>Settings of the ONNX models that a container loads.</summary>
public sealed class OnnxRuntimeOptions
{
    /// <summary>Where models run, best first; default: the processor. See <see cref="OnnxRestorerOptions.Providers"/>.</summary>
    public IList<string> Providers { get; set; } = [];

    /// <summary>Number of the device, where there are several; default 0.</summary>
    public int DeviceId { get; set; }

    /// <summary>Largest number of threads of one restoration, at least 1; default null: as ONNX Runtime likes.</summary>
    public int? MaxDegreeOfParallelism { get; set; }
}

/// <summary>Registers ONNX models with a container.</summary>
public static class GirOnnxRuntimeServiceCollectionExtensions
{
    /// <summary>Sets where the models of <see cref="AddGirOnnxModel"/> run; options are validated when the first one is asked for, or at start with ValidateOnStart.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirOnnxRuntime(this IServiceCollection services, Action<OnnxRuntimeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<OnnxRuntimeOptions> options = services.AddOptions<OnnxRuntimeOptions>()
            .Validate(o => o.DeviceId >= 0, "OnnxRuntimeOptions.DeviceId needs to be at least 0.")
            .Validate(o => o.MaxDegreeOfParallelism is null or >= 1, "OnnxRuntimeOptions.MaxDegreeOfParallelism needs to be at least 1.");
        if (configure is not null)
            options.Configure(configure);
        return services;
    }

    /// <summary>
    /// Adds a model as a keyed <see cref="IRestorer"/>, unless the key is taken; the file is read when it is asked for first, and the container disposes of it.
    /// Providers, device and threads are those of <see cref="OnnxRuntimeOptions"/> where the model's own options leave them at their defaults.
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
            OnnxRuntimeOptions common = provider.GetRequiredService<IOptions<OnnxRuntimeOptions>>().Value;
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
