using Gir.Models.Tensors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Models.TorchSharp;

/// <summary>Registers the libtorch engine with a container.</summary>
public static class GirTorchSharpServiceCollectionExtensions
{
    /// <summary>
    /// Adds the libtorch engine as the container's <see cref="TensorBackend"/> and as <see cref="TorchBackend"/>, unless there is one. Networks that the container
    /// makes (<see cref="GirModelsServiceCollectionExtensions.AddGirModels"/>, <see cref="GirModelsServiceCollectionExtensions.AddGirNetwork"/>) live on its device.
    /// Options are validated, and libtorch is loaded, when the first of them is asked for.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    /// <example>
    /// <code>
    /// services.AddGirModels().AddGirTorchSharp(o => o.Device = "cuda:0");
    /// </code>
    /// </example>
    public static IServiceCollection AddGirTorchSharp(this IServiceCollection services, Action<TorchBackendOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<TorchBackendOptions> options = services.AddOptions<TorchBackendOptions>()
            .Validate(o => IsDevice(o.Device), "TorchBackendOptions.Device needs to be \"cpu\", \"cuda\", \"cuda:N\" or \"mps\".")
            .Validate(o => Enum.IsDefined(o.Precision), "TorchBackendOptions.Precision needs to be Single, BFloat16 or Half.")
            .Validate(o => o.Threads is null or >= 1, "TorchBackendOptions.Threads needs to be at least 1, or nothing.");
        if (configure is not null)
            options.Configure(configure);
        services.TryAddSingleton(static provider => new TorchBackend(provider.GetRequiredService<IOptions<TorchBackendOptions>>().Value));
        services.TryAddSingleton<TensorBackend>(static provider => provider.GetRequiredService<TorchBackend>());
        return services;
    }

    private static bool IsDevice(string? text)
    {
        try
        {
            TorchLibrary.Parse(text!);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
