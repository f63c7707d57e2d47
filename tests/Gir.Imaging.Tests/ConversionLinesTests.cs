using System.Numerics.Tensors;
using Gir.Imaging.Codecs;

namespace Gir.Imaging.Tests;

/// <summary>The lines of docs/conversions.md that need no other package.</summary>
public sealed class ConversionLinesTests
{
    private static readonly ImageBuffer s_image = new(3, 2, 2, [0, 1, 0.2f, 0.4f, 0.6f, 0.8f, 1, 0, 0.2f, 0, 0.4f, 1]);

    [Test]
    public void Streams_and_bytes_of_files()
    {
        using var stream = new MemoryStream();
        ImageFile.Save(stream, s_image, "png");
        Assert.That(ImageFile.Decode(stream.ToArray()).Array, Is.EqualTo(s_image.Array));
        stream.Position = 0;
        Assert.That(ImageFile.Load(stream).Array, Is.EqualTo(s_image.Array));
    }

    [Test]
    public void Pixels_with_and_without_gaps_between_rows()
    {
        const int stride = 11;
        var pixels = new byte[(stride * 1) + 8];
        s_image.ToPixels(PixelFormat.Bgra32, pixels, stride);
        Assert.That(pixels[..4], Is.EqualTo(new byte[] { 51, 153, 0, 255 }));
        Assert.That(pixels[8..stride], Is.EqualTo(new byte[3]));
        ImageBuffer image = ImageConversion.FromPixels(pixels, PixelFormat.Bgra32, 2, 2, stride);
        Assert.That(image.WithoutAlpha().Array, Is.EqualTo(s_image.Array));
        byte[] rgb = s_image.ToPixels(PixelFormat.Rgb24);
        Assert.That(ImageConversion.FromPixels(rgb, PixelFormat.Rgb24, 2, 2).Array, Is.EqualTo(s_image.Array));
    }

    [Test]
    public void Tensor_spans_are_the_image_itself()
    {
        ImageBuffer image = s_image.Clone();
        TensorSpan<float> span = image.AsTensorSpan();
        span[1, 0, 1] = 0.5f;
        Assert.That(image[1, 0, 1], Is.EqualTo(0.5f));
        var copy = new ImageBuffer(3, 2, 2);
        ReadOnlyTensorSpan<float> source = span;
        source.CopyTo(copy.AsTensorSpan());
        Assert.That(copy.Array, Is.EqualTo(image.Array));
        Assert.That(new ImageBuffer(3, 2, 2, image.Array).Array, Is.SameAs(image.Array));
    }
}
