using Gir.Degradations;
using Gir.Degradations.Compression;
using Gir.Imaging.Codecs;

namespace Gir.Imaging.SkiaSharp.Tests;

[NonParallelizable]
public sealed class CompressionTests
{
    private static readonly ImageCodecRegistry s_own = ImageCodecs.Default;

    [TearDown]
    public void TakeOwnCodecsAgain() => ImageCodecs.Default = s_own;

    [Test]
    public void WebP_compresses_once_it_has_a_codec()
    {
        const string kind = "webp";
        ImageBuffer image = Pictures.Make(3, 48, 40);
        Assert.That(() => Apply(image, kind, 50), Throws.InstanceOf<GirException>().With.Message.Contains($"codec named '{kind}'"));
        ImageCodecs.Default = SkiaCodecs.With(s_own);
        double[] errors = Array.ConvertAll([10, 50, 95], quality => Error(image, Apply(image, kind, quality)));
        Assert.That(errors, Is.Ordered.Descending);
        Assert.That(errors[^1], Is.LessThan(0.03));
        float[] once = Apply(image, kind, 50).Array;
        Assert.That(Apply(image, kind, 50).Array, Is.EqualTo(once));
        Assert.That(Apply(Pictures.Make(1, 20, 30), kind, 50).ToString(), Is.EqualTo("1 x 20 x 30"));
        Assert.That(() => DegradationPipeline.Parse($"compression(kind={kind},subsampling=chroma444)").Apply(image, 1, "x"), Throws.InstanceOf<GirException>().With.Message.Contains("subsampling"));
    }

    [Test]
    public void Files_of_the_added_formats_load_by_name()
    {
        using var folder = new TemporaryFolder();
        ImageBuffer image = Pictures.Make(4, 9, 7);
        ImageCodecs.Default = SkiaCodecs.With(s_own);
        ImageFile.Save(folder["a.webp"], image, new WebpEncodeOptions(75, IsLossless: true));
        Assert.That(ImageFile.Load(folder["a.webp"]).Array, Is.EqualTo(image.Array));
        ImageCodecs.Default = s_own;
        Assert.That(() => ImageFile.Load(folder["a.webp"]), Throws.TypeOf<ImageFormatException>());
    }

    private static ImageBuffer Apply(ImageBuffer image, string kind, int quality) =>
        DegradationPipeline.Parse($"compression(kind={kind},quality={quality})").Apply(image, 1, "x").Image;

    private static double Error(ImageBuffer a, ImageBuffer b) => Enumerable.Range(0, a.Array.Length).Average(i => (double)Math.Abs(a.Array[i] - b.Array[i]));
}
