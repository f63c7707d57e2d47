using Gir.Imaging.Codecs;
using Microsoft.Extensions.Configuration;
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

    [Test]
    public void Limits_come_from_the_configuration_and_code_has_the_last_word()
    {
        using ServiceProvider provider = Configured(("Gir:Imaging:MaxPixels", "11"), ("Gir:Imaging:MaxDimension", "7"), ("Gir:Imaging:Strict", "true"))
            .AddGirImaging(o => o.MaxDimension = 9).AddGirImaging().BuildServiceProvider();
        Assert.That(provider.GetRequiredService<ImageDecodeOptions>(), Is.EqualTo(new ImageDecodeOptions { MaxPixels = 11, MaxDimension = 9, Strict = true }));
    }

    [TestCase("MaxPixels", "many", "Gir:Imaging:MaxPixels is 'many'; expected a whole number")]
    [TestCase("MaxPixels", "0", "Gir:Imaging:MaxPixels is 0; expected at least 1")]
    [TestCase("Strict", "perhaps", "Gir:Imaging:Strict is 'perhaps'; expected true or false")]
    [TestCase("MaxPixel", "5", "Gir:Imaging:MaxPixel is no setting; expected one of MaxPixels, MaxDimension, MaxFileBytes, ApplyOrientation, Strict (did you mean 'MaxPixels'?)")]
    public void A_wrong_setting_is_told_with_its_section_when_the_host_starts(string name, string value, string message)
    {
        using ServiceProvider provider = Configured(("Gir:Imaging:" + name, value)).AddGirImaging().BuildServiceProvider();
        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(message));
    }

    private static ServiceCollection Configured(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
        return services;
    }
}
