using SkiaSharp;

namespace Gir.Imaging.SkiaSharp.Tests;

public sealed class SkiaConversionTests
{
    [TestCase(SKColorType.Bgra8888)]
    [TestCase(SKColorType.Rgba8888)]
    [TestCase(SKColorType.RgbaF32)]
    public void Every_level_comes_back(SKColorType type)
    {
        foreach (int channels in new[] { 3, 4 })
        {
            ImageBuffer image = Pictures.Make(channels, 7, 11);
            using SKBitmap bitmap = image.ToSKBitmap(type);
            using SKImage drawn = image.ToSKImage(type);
            Assert.That((bitmap.ColorType, bitmap.AlphaType), Is.EqualTo((type, channels == 4 ? SKAlphaType.Unpremul : SKAlphaType.Opaque)));
            Assert.That(bitmap.ToImageBuffer().Array, Is.EqualTo(image.Array).Within(1e-6f));
            Assert.That(drawn.ToImageBuffer().Array, Is.EqualTo(image.Array).Within(1e-6f));
        }
    }

    [Test]
    public void Colors_stand_where_Skia_sees_them()
    {
        var image = new ImageBuffer(3, 1, 2, [1, 0, 0, 0.2f, 0, 0.6f]);
        using SKBitmap bitmap = image.ToSKBitmap();
        Assert.That(bitmap.GetPixel(0, 0), Is.EqualTo(new SKColor(255, 0, 0)));
        Assert.That(bitmap.GetPixel(1, 0), Is.EqualTo(new SKColor(0, 51, 153)));
        using SKBitmap gray = new ImageBuffer(1, 1, 2, [0, 0.4f]).ToSKBitmap(SKColorType.Gray8);
        Assert.That(gray.ToImageBuffer().Array, Is.EqualTo(new[] { 0, 102 / 255f }));
        using SKBitmap wide = new ImageBuffer(1, 1, 1, [0.4f]).ToSKBitmap();
        Assert.That(wide.GetPixel(0, 0), Is.EqualTo(new SKColor(102, 102, 102)));
    }

    [Test]
    public void Premultiplied_bitmaps_come_back_apart_to_the_precision_of_their_alpha()
    {
        ImageBuffer image = Pictures.Make(4, 5, 8);
        using SKBitmap bitmap = image.ToSKBitmap(SKColorType.Bgra8888, SKAlphaType.Premul);
        ImageBuffer back = bitmap.ToImageBuffer();
        for (int i = 0; i < image.PlaneLength; i++)
        {
            float alpha = image.Array[(3 * image.PlaneLength) + i];
            Assert.That(back.Array[(3 * image.PlaneLength) + i], Is.EqualTo(alpha));
            Assert.That(back.Array[i], Is.EqualTo(image.Array[i]).Within(1.01f / 255 / alpha));
        }
    }

    [Test]
    public void More_than_eight_bits_are_kept()
    {
        var image = new ImageBuffer(3, 1, 1, [0.12345f, 0.5001f, 0.9f]);
        using SKBitmap bitmap = image.ToSKBitmap(SKColorType.RgbaF16);
        Assert.That(bitmap.ToImageBuffer().Array, Is.EqualTo(image.Array).Within(3e-4f));
    }

    [Test]
    public void What_cannot_be_is_refused()
    {
        using var empty = new SKBitmap();
        Assert.That(() => empty.ToImageBuffer(), Throws.ArgumentException);
        Assert.That(() => new ImageBuffer(5, 2, 2).ToSKBitmap(), Throws.ArgumentException.With.Message.Contains("5 x 2 x 2"));
        Assert.That(() => new ImageBuffer(3, 2, 2).ToSKBitmap(SKColorType.Unknown), Throws.ArgumentException);
    }
}
