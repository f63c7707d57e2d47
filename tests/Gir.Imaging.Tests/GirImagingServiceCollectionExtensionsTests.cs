using Gir.Imaging.Codecs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gir.Imaging.Tests;

public sealed class GirImagingServiceCollectionExtensionsTests
{
    [Test]
    public void Codecs_limits_and_files_are_registered_once()
    {
        var services = new ServiceCollection();
        services.AddGirImaging(o => o.MaxPixels = 11).AddGirImaging();
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(provider.GetServices<IImageCodec>(), Is.EqualTo(ImageCodecs.All));
        Assert.That(provider.GetRequiredService<ImageCodecRegistry>().All, Is.EqualTo(ImageCodecs.All));
        Assert.That(provider.GetRequiredService<ImageDecodeOptions>(), Is.EqualTo(new ImageDecodeOptions { MaxPixels = 11 }));
        byte[] file = ImageFile.Encode(new ImageBuffer(1, 3, 4), "png");
        Assert.That(() => provider.GetRequiredService<ImageFiles>().Decode(file), Throws.InstanceOf<ImageFormatException>().With.Message.Contains("11"));
    }

    [Test]
    public void What_was_registered_before_stays()
    {
        var limits = new ImageDecodeOptions { MaxDimension = 7 };
        var services = new ServiceCollection();
        services.AddSingleton(limits);
        services.AddGirImaging();
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<ImageDecodeOptions>(), Is.SameAs(limits));
    }

    [Test]
    public void Limits_below_one_are_refused()
    {
        using ServiceProvider provider = new ServiceCollection().AddGirImaging(o => o.MaxDimension = 0).BuildServiceProvider();
        Assert.That(
            () => provider.GetRequiredService<ImageFiles>(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("MaxDimension"));
    }
}
