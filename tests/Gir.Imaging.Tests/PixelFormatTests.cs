namespace Gir.Imaging.Tests;

public sealed class PixelFormatTests
{
    [TestCase(PixelFormat.Gray8, 1, new[] { 0 })]
    [TestCase(PixelFormat.Rgb24, 3, new[] { 0, 1, 2 })]
    [TestCase(PixelFormat.Bgr24, 3, new[] { 2, 1, 0 })]
    [TestCase(PixelFormat.Rgba32, 4, new[] { 0, 1, 2, 3 })]
    [TestCase(PixelFormat.Bgra32, 4, new[] { 2, 1, 0, 3 })]
    [TestCase(PixelFormat.Bgrx32, 3, new[] { 2, 1, 0 })]
    public void Pixels_with_gaps_between_rows_become_planes_and_back(PixelFormat format, int channels, int[] order)
    {
        int bytes = format == PixelFormat.Bgrx32 ? 4 : channels;
        foreach (int width in new[] { 1, 2, 15, 16, 17, 33 })
        {
            int stride = (bytes * width) + 5;
            byte[] pixels = [.. Enumerable.Range(0, (3 * stride) - 5).Select(i => (byte)(i * 37))];
            ImageBuffer image = ImageConversion.FromPixels(pixels, format, 3, width, stride);
            Assert.That(image.ToString(), Is.EqualTo($"{channels} x 3 x {width}"));
            for (int i = 0; i < order.Length; i++)
            {
                for (int y = 0; y < 3; y++)
                {
                    for (int x = 0; x < width; x++)
                        Assert.That(image[order[i], y, x], Is.EqualTo(pixels[(y * stride) + (x * bytes) + i] / 255f), $"{i} {y} {x}");
                }
            }

            byte[] back = [.. pixels];
            for (int y = 0; y < 3; y++)
                back.AsSpan(y * stride, bytes * width).Clear();
            image.ToPixels(format, back, stride);
            if (format == PixelFormat.Bgrx32)
            {
                for (int i = 0; i < 3 * width; i++)
                    pixels[(i / width * stride) + (i % width * 4) + 3] = 255;
            }

            Assert.That(back, Is.EqualTo(pixels), "the bytes between rows included");
        }
    }

    [Test]
    public void Gray_becomes_colors_and_alpha_comes_and_goes()
    {
        var gray = ImageConversion.FromPixels([10, 20], PixelFormat.Gray8, 1, 2);
        Assert.That(gray.ToPixels(PixelFormat.Bgra32), Is.EqualTo(new byte[] { 10, 10, 10, 255, 20, 20, 20, 255 }));
        var color = ImageConversion.FromPixels([1, 2, 3, 4], PixelFormat.Rgba32, 1, 1);
        Assert.That(color.ToPixels(PixelFormat.Bgr24), Is.EqualTo(new byte[] { 3, 2, 1 }));
        ImageBuffer grayWithAlpha = gray.WithAlpha(ImageConversion.FromPixels([7, 8], PixelFormat.Gray8, 1, 2));
        Assert.That(grayWithAlpha.ToPixels(PixelFormat.Rgba32), Is.EqualTo(new byte[] { 10, 10, 10, 7, 20, 20, 20, 8 }));
        Assert.That(grayWithAlpha.ToPixels(PixelFormat.Gray8), Is.EqualTo(new byte[] { 10, 20 }));
    }

    [Test]
    public void What_does_not_fit_is_refused()
    {
        Assert.That(() => ImageConversion.FromPixels(new byte[11], PixelFormat.Rgb24, 2, 2), Throws.ArgumentException.With.Message.Contains("12 bytes"));
        Assert.That(() => ImageConversion.FromPixels(new byte[99], PixelFormat.Rgb24, 2, 2, 5), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ImageConversion.FromPixels(new byte[99], (PixelFormat)9, 2, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ImageBuffer(3, 2, 2).ToPixels(PixelFormat.Gray8), Throws.ArgumentException);
        Assert.That(() => new ImageBuffer(5, 2, 2).ToPixels(PixelFormat.Rgb24), Throws.ArgumentException);
    }

    [Test]
    public void A_tensor_writes_to_the_image()
    {
        var image = new ImageBuffer(2, 3, 4);
        nint[] at = [1, 2, 3];
        image.AsTensorSpan()[at] = 0.5f;
        Assert.That(image[1, 2, 3], Is.EqualTo(0.5f));
    }
}
