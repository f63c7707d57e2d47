using Gir.Imaging.Codecs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gir.Imaging.SkiaSharp;

/// <summary>Registers this package with a container.</summary>
public static class GirSkiaSharpServiceCollectionExtensions
{
    /// <summary>Adds WebP, GIF and ICO to the codecs of <see cref="GirImagingServiceCollectionExtensions.AddGirImaging"/>, which it calls.</summary>
    /// <param name="services">The collection.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddGirSkiaSharp(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddGirImaging();
        foreach (IImageCodec codec in SkiaCodecs.All)
        {
            // All are of one type, by which TryAddEnumerable would take them for the same.
            if (!services.Any(s => s.ServiceType == typeof(IImageCodec) && s.ImplementationInstance is IImageCodec known && known.Name == codec.Name))
                services.AddSingleton(codec);
        }

        return services;
    }
}
