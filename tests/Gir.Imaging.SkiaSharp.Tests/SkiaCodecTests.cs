using Gir.Imaging.Codecs;
using ImageMagick;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace Gir.Imaging.SkiaSharp.Tests;

public sealed class SkiaCodecTests
{
    [TestCase(3)]
    [TestCase(4)]
    public void Lossless_WebP_keeps_every_level(int channels)
    {
        ImageBuffer image = Pictures.Make(channels, 19, 31);
        byte[] file = Pictures.Webp(image, isLossless: true);
        DecodedImage decoded = SkiaCodecs.Webp.Read(file);
        Assert.That(decoded.Image.Array, Is.EqualTo(image.Array));
        Assert.That(decoded.Info, Is.EqualTo(new ImageFileInfo("webp", channels, 19, 31, 8) { Warnings = decoded.Info.Warnings }));
        Assert.That(SkiaCodecs.Webp.ReadInfo(file).Width, Is.EqualTo(31));
    }

    [Test]
    public void Lossy_WebP_is_near_and_the_nearer_the_higher_the_quality()
    {
        ImageBuffer image = Pictures.Make(3, 64, 64);
        double[] errors = Array.ConvertAll([20, 60, 95], quality =>
        {
            ImageBuffer decoded = SkiaCodecs.Webp.Decode(Pictures.Encode(SkiaCodecs.Webp, image, new WebpEncodeOptions(quality)));
            return Enumerable.Range(0, image.Array.Length).Average(i => (double)Math.Abs(image.Array[i] - decoded.Array[i]));
        });
        Assert.That(errors, Is.Ordered.Descending);
        Assert.That(errors[^1], Is.LessThan(0.02));
        Assert.That(Pictures.Encode(SkiaCodecs.Webp, image, new ImageSaveOptions { Quality = 20 }), Is.EqualTo(Pictures.Encode(SkiaCodecs.Webp, image, new WebpEncodeOptions(20))));
    }

    [Test]
    public void Gray_becomes_three_equal_channels()
    {
        ImageBuffer gray = Pictures.Make(1, 8, 9);
        ImageBuffer decoded = SkiaCodecs.Webp.Decode(Pictures.Webp(gray, isLossless: true));
        Assert.That(decoded.Array, Is.EqualTo(Enumerable.Repeat(gray.Array, 3).SelectMany(a => a)));
    }

    [Test]
    public void Of_a_GIF_the_first_frame_is_read()
    {
        ImageBuffer image = SkiaCodecs.Gif.Decode(Pictures.Gif()).WithoutAlpha();
        Assert.That(image.Array, Is.EqualTo(new float[] { 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1 }));
    }

    [Test]
    public void Of_an_icon_the_largest_picture_is_read()
    {
        ImageBuffer large = Pictures.Make(4, 32, 32);
        byte[] file = Pictures.Ico(Pictures.Make(4, 16, 16), large);
        Assert.That(SkiaCodecs.Ico.Decode(file).Array, Is.EqualTo(large.Array));
        Assert.That((SkiaCodecs.Ico.ReadInfo(file).Format, SkiaCodecs.Ico.ReadInfo(file).Height), Is.EqualTo(("ico", 32)));
    }

    // Skia can be built with AVIF; the day SkiaSharp's is, this fails, and the codec is to be listed.
    [Test]
    public void SkiaSharps_build_reads_no_AVIF_and_no_HEIF_and_such_files_are_refused_by_the_known_formats()
    {
        using var picture = new MagickImage(MagickColors.Red, 16, 16);
        byte[] avif = picture.ToByteArray(MagickFormat.Avif);
        Assert.That(avif.AsSpan(4, 8).SequenceEqual("ftypavif"u8), "the example is no AVIF");
        using SKData data = SKData.CreateCopy(avif);
        Assert.That(SKCodec.Create(data), Is.Null);
        Assert.That(
            () => new ImageFiles(SkiaCodecs.With(ImageCodecs.Default)).Decode(avif),
            Throws.InstanceOf<GirException>().With.Message.Contains("webp"));
    }

    [Test]
    public void The_registry_finds_them_by_content_and_name_beside_its_own()
    {
        ImageCodecRegistry registry = SkiaCodecs.With(ImageCodecs.Default);
        var files = new ImageFiles(registry);
        ImageBuffer image = Pictures.Make(3, 12, 10);
        byte[] webp = files.Encode(image, "webp", new WebpEncodeOptions(50, IsLossless: true));
        Assert.That(files.Decode(webp).Array, Is.EqualTo(image.Array));
        Assert.That(registry.FindByContent(Pictures.Gif())!.Name, Is.EqualTo("gif"));
        Assert.That(registry.FindByContent(Pictures.Ico(image))!.Name, Is.EqualTo("ico"));
        Assert.That(registry.FindByExtension("a/b.WEBP"), Is.SameAs(SkiaCodecs.Webp));
        Assert.That(SkiaCodecs.With(registry).All, Has.Count.EqualTo(registry.All.Count));
        // A bitmap of zeros is no icon, nor is a NumPy file.
        Assert.That(registry.FindByContent(new byte[64]), Is.Null);
    }

    [Test]
    public void A_container_gets_them_in_any_order()
    {
        foreach (IServiceCollection services in new[] { new ServiceCollection().AddGirSkiaSharp().AddGirImaging().AddGirSkiaSharp(), new ServiceCollection().AddGirImaging().AddGirSkiaSharp() })
        {
            using ServiceProvider provider = services.BuildServiceProvider();
            string[] names = [.. provider.GetRequiredService<ImageCodecRegistry>().All.Select(c => c.Name)];
            Assert.That(names, Is.Unique.And.SupersetOf(new[] { "png", "jpeg", "webp", "gif", "ico" }));
            ImageBuffer image = Pictures.Make(3, 5, 6);
            ImageFiles files = provider.GetRequiredService<ImageFiles>();
            Assert.That(files.Decode(files.Encode(image, "webp", new WebpEncodeOptions(50, true))).Array, Is.EqualTo(image.Array));
        }
    }

    [Test]
    public void What_cannot_be_written_is_refused_by_name()
    {
        ImageBuffer image = Pictures.Make(3, 4, 4);
        Assert.Multiple(() =>
        {
            Assert.That(() => Pictures.Encode(SkiaCodecs.Gif, image), Throws.ArgumentException.With.Message.Contains("gif is read, not written"));
            Assert.That(() => Pictures.Encode(SkiaCodecs.Webp, new ImageBuffer(5, 4, 4)), Throws.ArgumentException.With.Message.Contains("5 x 4 x 4"));
            Assert.That(() => Pictures.Encode(SkiaCodecs.Webp, image, new WebpEncodeOptions(101)), Throws.ArgumentException.With.Message.Contains("101"));
            Assert.That(() => Pictures.Encode(SkiaCodecs.Webp, image, new JpegEncodeOptions()), Throws.ArgumentException.With.Message.Contains("WebpEncodeOptions"));
            Assert.That(() => Pictures.Encode(SkiaCodecs.Webp, image, new ImageSaveOptions(16)), Throws.ArgumentException.With.Message.Contains("8 bits"));
            Assert.That(() => Pictures.Encode(SkiaCodecs.Webp, new ImageBuffer(1, 1, 16384)), Throws.ArgumentException.With.Message.Contains("16383"));
        });
    }
}
