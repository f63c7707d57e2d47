using Gir.Imaging.Codecs;
using Microsoft.Extensions.DependencyInjection;

namespace Gir.Imaging.Magick;

/// <summary>Registers this package with a container.</summary>
public static class GirMagickServiceCollectionExtensions
{
    /// <summary>Adds JPEG 2000 to the codecs of <see cref="GirImagingServiceCollectionExtensions.AddGirImaging"/>, which it calls.</summary>
    /// <param name="services">The collection.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddGirMagick(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddGirImaging();
        if (!services.Any(s => ReferenceEquals(s.ImplementationInstance, MagickCodecs.Jpeg2000)))
            services.AddSingleton(MagickCodecs.Jpeg2000);
        return services;
    }
}
