using System.Text.Json;
using Gir.Imaging.Codecs;

namespace Gir.Imaging.Tests.Codecs;

/// <summary>Every PNG file of the goldens behaves as the manifest says.</summary>
public sealed class PngGoldenTests
{
    private static readonly SafeTensors Decoded = SafeTensors.Load(TestData.Golden("degradations", "files", "decoded.safetensors"));

    public static IEnumerable<TestCaseData> GoodFiles() =>
        Entries("entries").Where(e => e.GetProperty("name").GetString()!.StartsWith("pngFile.", StringComparison.Ordinal)).Select(e =>
            new TestCaseData(
                Path.GetFileName(e.GetProperty("outputs").GetProperty("file").GetString()!),
                e.GetProperty("colourType").GetInt32(),
                e.GetProperty("bitDepth").GetInt32(),
                e.GetProperty("call").GetString()!.Contains("tRNS", StringComparison.Ordinal)));

    public static IEnumerable<TestCaseData> BadFiles() =>
        Entries("mustFail").Select(e => Path.GetFileName(e.GetProperty("file").GetString()!))
            .Where(name => name.EndsWith(".png", StringComparison.Ordinal)).Select(name => new TestCaseData(name));

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
            ImageCodecs.Png.ReadInfo(file), Is.EqualTo(new ImageFileInfo("png", image.Channels, image.Height, image.Width, depth)));
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
        var defect = Assert.Throws<ImageFormatException>(() => ImageCodecs.Png.Decode(file))!;
        Assert.That(defect.Format, Is.EqualTo("png"));
        Assert.That(defect.Offset, Is.InRange(0, file.Length));
        Assert.That(defect.Reason, Is.Not.Empty);
        TestContext.Out.WriteLine(defect.Message);
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
