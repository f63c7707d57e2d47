using System.Text.Json;
using Gir.Imaging.Codecs;

namespace Gir.Imaging.Tests.Codecs;

/// <summary>Every PNG file of the goldens behaves as the manifest says.</summary>
public sealed class PngGoldenTests
{
    private static readonly ImageDecodeOptions Strict = new() { Strict = true };
    private static readonly SafeTensors Decoded = SafeTensors.Load(TestData.Golden("degradations", "files", "decoded.safetensors"));

    public static IEnumerable<TestCaseData> GoodFiles() =>
        Entries("entries").Where(e => e.GetProperty("name").GetString()!.StartsWith("pngFile.", StringComparison.Ordinal)).Select(e =>
            new TestCaseData(
                Path.GetFileName(e.GetProperty("outputs").GetProperty("file").GetString()!),
                e.GetProperty("colourType").GetInt32(),
                e.GetProperty("bitDepth").GetInt32(),
                e.GetProperty("call").GetString()!.Contains("tRNS", StringComparison.Ordinal)));

    // All its pixels are there: Pillow and browsers show it, libpng fails only after the last row. The manifest leaves it to the decoder.
    private const string WithoutEndMark = "bad_no_iend.png";

    public static IEnumerable<TestCaseData> BadFiles() =>
        Entries("mustFail").Select(e => Path.GetFileName(e.GetProperty("file").GetString()!))
            .Where(name => name.EndsWith(".png", StringComparison.Ordinal)).Select(name => new TestCaseData(name));

    [Test]
    public void Only_the_missing_end_mark_is_forgiven()
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", WithoutEndMark));
        DecodedImage read = ImageCodecs.Png.Read(file);
        Assert.That(read.Info.Warnings, Has.Count.EqualTo(1).And.All.Contains("without IEND"));
        byte[] whole = [.. file, 0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];
        Assert.That(read.Image.Array, Is.EqualTo(ImageCodecs.Png.Decode(whole, Strict).Array));
    }

    [TestCaseSource(nameof(GoodFiles))]
    public void A_good_file_decodes_exactly(string name, int colorType, int depth, bool hasKey)
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", name));
        ImageBuffer image = ImageCodecs.Png.Decode(file);
        int[] kept = (colorType, hasKey) switch
        {
            (0, false) => [0],
            (0, true) or (4, _) => [0, 3],
            (2 or 3, false) => [0, 1, 2],
            _ => [0, 1, 2, 3],
        };
        bool isWide = depth == 16;
        string tensor = $"{name}.{(isWide ? "rgba16" : "rgba8")}";
        double[] rgba = Decoded.Numbers(tensor);
        Assert.That(new[] { image.Height, image.Width }, Is.EqualTo(Decoded.Shape(tensor)[..2]));
        Assert.That(image.Channels, Is.EqualTo(kept.Length));
        Assert.That(
            ImageCodecs.Png.ReadInfo(file) with { Metadata = ImageMetadata.None },
            Is.EqualTo(new ImageFileInfo("png", image.Channels, image.Height, image.Width, depth)));
        float scale = isWide ? 65535f : 255f;
        for (int c = 0; c < kept.Length; c++)
        {
            for (int i = 0; i < image.PlaneLength; i++)
                Assert.That(image.Plane(c)[i], Is.EqualTo((float)rgba[(4 * i) + kept[c]] / scale), $"channel {c}, pixel {i}");
        }
    }

    [TestCaseSource(nameof(BadFiles))]
    public void A_bad_file_is_refused_with_a_reason(string name)
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", name));
        ImageDecodeOptions? options = name == WithoutEndMark ? Strict : null;
        var defect = Assert.Throws<ImageFormatException>(() => ImageCodecs.Png.Decode(file, options))!;
        Assert.That(defect.Format, Is.EqualTo("png"));
        Assert.That(defect.Offset, Is.InRange(0, file.Length));
        Assert.That(defect.Reason, Is.Not.Empty);
        TestContext.Out.WriteLine(defect.Message);
    }

    [Test]
    [Category(TestData.RealData)]
    public void Photographs_decode_to_the_reference_pixels()
    {
        SafeTensors inputs = SafeTensors.Load(TestData.Shared("golden", "photos", "degradations", "inputs.safetensors"));
        ImageBuffer photograph = ImageFile.Load(TestData.Shared("data", "kodak", "kodim03.png"));
        Assert.That(photograph.ToString(), Is.EqualTo("3 x 512 x 768"));
        byte[] file = ImageFile.Encode(photograph, "png");
        Assert.That(ImageFile.Decode(file).Samples.SequenceEqual(photograph.Samples));
        // The reference is a cut-out of the photograph; it must be found in it, exactly.
        ImageBuffer cut = Images.FromGolden(inputs, "kodim03");
        Assert.That(Places(photograph, cut).Any(p => photograph.Crop(p.Y, p.X, cut.Height, cut.Width).Samples.SequenceEqual(cut.Samples)));
    }

    private static IEnumerable<(int Y, int X)> Places(ImageBuffer image, ImageBuffer cut)
    {
        for (int y = 0; y + cut.Height <= image.Height; y++)
        {
            for (int x = 0; x + cut.Width <= image.Width; x++)
            {
                if (image.Row(0, y).Slice(x, cut.Width).SequenceEqual(cut.Row(0, 0)))
                    yield return (y, x);
            }
        }
    }

    [Test]
    public void There_are_good_and_bad_files() =>
        Assert.That((GoodFiles().Count(), BadFiles().Count()), Is.EqualTo((40, 26)));

    private static List<JsonElement> Entries(string list)
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(TestData.Golden("degradations", "files", "manifest.json")));
        return [.. manifest.RootElement.GetProperty(list).EnumerateArray().Select(e => e.Clone())];
    }
}
