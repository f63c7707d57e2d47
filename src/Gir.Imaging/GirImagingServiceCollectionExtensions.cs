using Gir.Imaging.Codecs;
using Gir.Imaging.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Imaging;

/// <summary>Registers this package with a container.</summary>
public static class GirImagingServiceCollectionExtensions
{
    /// <summary>
    /// Adds, as singletons and only where the container has none yet: the codecs of this package as <see cref="IImageCodec"/>,
    /// an <see cref="ImageCodecRegistry"/> of every registered codec, <see cref="ImageDecodeOptions"/> with the given limits,
    /// and <see cref="ImageFiles"/>. The container's configuration, if it has one, is read first (section "Gir:Imaging"); code has the last word.
    /// </summary>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Changes the limits.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="OptionsValidationException">Thrown when the host starts, or on first use, if a limit is below 1 or the section holds something else.</exception>
    public static IServiceCollection AddGirImaging(this IServiceCollection services, Action<GirImagingOptions>? configure = null)
    {
        services.AddSectionOptions(configure);
        foreach (IImageCodec codec in new[] { ImageCodecs.Png, ImageCodecs.Jpeg, ImageCodecs.Bmp, ImageCodecs.Npy })
            services.TryAddEnumerable(new ServiceDescriptor(typeof(IImageCodec), codec));
        services.TryAddSingleton(provider => new ImageCodecRegistry(provider.GetServices<IImageCodec>()));
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<GirImagingOptions>>().Value.ToDecodeOptions());
        services.TryAddSingleton(provider => new ImageFiles(
            provider.GetRequiredService<ImageCodecRegistry>(), provider.GetRequiredService<ImageDecodeOptions>()));
        return services;
    }
}
