using Gir.Imaging.Settings;
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
    /// The container's configuration, if it has one, is read first (section "Gir:TorchSharp"); options are validated when the host starts, or when the engine is asked for
    /// first, which loads libtorch.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    /// <example>
    /// <code>
    /// services.AddGirModels().AddGirTorchSharp(o => o.Device = "cuda:0");
    /// </code>
    /// </example>
    public static IServiceCollection AddGirTorchSharp(this IServiceCollection services, Action<GirTorchSharpOptions>? configure = null)
    {
        services.AddSectionOptions(configure);
        services.TryAddSingleton(static provider => new TorchBackend(provider.GetRequiredService<IOptions<GirTorchSharpOptions>>().Value.ToBackendOptions()));
        services.TryAddSingleton<TensorBackend>(static provider => provider.GetRequiredService<TorchBackend>());
        return services;
    }
}
