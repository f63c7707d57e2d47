using System.Text.Json;
using Gir.Imaging.Codecs;

namespace Gir.Imaging.Tests.Codecs;

/// <summary>Every .jpg of the golden files behaves as their manifest says.</summary>
public class JpegGoldenTests
{
    private static readonly JpegCodec Codec = new();
    private static readonly Lazy<SafeTensors> Decoded = new(() => SafeTensors.Load(TestData.Golden("degradations", "files", "decoded.safetensors")));

    // What the manifest leaves to the decoder: "OrRefuse" and "OrDocumentedPartial".
    private static readonly Dictionary<string, bool> Decodes = new()
    {
        ["cmyk_adobe.jpg"] = true,
        ["ycck_adobe.jpg"] = true,
        ["cmyk_pillow.jpg"] = true,
        ["arithmetic.jpg"] = true,
        ["bad_no_dht.jpg"] = true,
        ["bad_trunc_scan.jpg"] = false,
        ["bad_trunc_progressive.jpg"] = false,
        ["bad_huge.jpg"] = false,
        ["bad_garbage_scan.jpg"] = false,
    };

    public static IEnumerable<TestCaseData> Files()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(TestData.Golden("degradations", "files", "manifest.json")));
        foreach (JsonElement entry in manifest.RootElement.GetProperty("entries").EnumerateArray())
        {
            string name = Path.GetFileName(entry.GetProperty("outputs").GetProperty("file").GetString()!);
            if (name.EndsWith(".jpg", StringComparison.Ordinal))
                yield return new TestCaseData(name, entry.GetProperty("expect").GetString());
        }

        foreach (JsonElement entry in manifest.RootElement.GetProperty("mustFail").EnumerateArray())
        {
            string name = Path.GetFileName(entry.GetProperty("file").GetString()!);
            if (name.EndsWith(".jpg", StringComparison.Ordinal))
                yield return new TestCaseData(name, entry.GetProperty("expect").GetString());
        }
    }

    [TestCaseSource(nameof(Files))]
    public void Golden_file_behaves_as_its_manifest_says(string name, string expect)
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", name));
        bool decodes = expect switch
        {
            "decode" => true,
            "fail" or "refuse" => false,
            _ => Decodes[name],
        };
        if (!decodes)
        {
            var error = Assert.Throws<ImageFormatException>(() => Codec.Decode(file));
            Assert.That(error!.Format, Is.EqualTo("jpeg"));
            Assert.That(error.Offset, Is.InRange(0, file.Length));
            Assert.That(error.Reason, Is.Not.Empty);
            return;
        }

        ImageBuffer stored = Codec.Decode(file, new ImageDecodeOptions { ApplyOrientation = false });
        if (name.StartsWith("bad_", StringComparison.Ordinal))
        {
            // The file is baseline_420.jpg without its tables, which are the standard ones.
            Assert.That(stored.Array, Is.EqualTo(Codec.Decode(File.ReadAllBytes(TestData.Golden("degradations", "files", "baseline_420.jpg"))).Array));
            return;
        }

        SafeTensors decoded = Decoded.Value;
        string tensor = decoded.Contains(name + ".gray") ? name + ".gray" : name + ".rgb";
        AssertEqual(stored, decoded, tensor);
        AssertEqual(Codec.Decode(file), decoded, decoded.Contains(name + ".oriented") ? name + ".oriented" : tensor);

        ImageBuffer upright = Codec.Decode(file);
        Assert.That(Codec.ReadInfo(file) with { Metadata = ImageMetadata.None }, Is.EqualTo(new ImageFileInfo("jpeg", upright.Channels, upright.Height, upright.Width, 8)));
    }

    // With the 40 PNG files, 79 files that decode.
    [Test]
    public void There_are_good_and_bad_files()
    {
        string[] names = [.. Files().Select(f => (string)f.Arguments[0]!)];
        Assert.That(names.Count(n => n.StartsWith("bad_", StringComparison.Ordinal)), Is.EqualTo(25));
        Assert.That(names, Has.Length.EqualTo(39 + 25));
    }

    [TestCase("bad_precision12.jpg", "12 bits")]
    [TestCase("bad_lossless_sof3.jpg", "lossless")]
    [TestCase("bad_hierarchical_sof5.jpg", "hierarchical")]
    public void Refusal_names_the_feature(string name, string feature) =>
        Assert.That(
            () => Codec.Decode(File.ReadAllBytes(TestData.Golden("degradations", "files", name))),
            Throws.TypeOf<ImageFormatException>().With.Message.Contains(feature));

    [Test]
    public void Progressive_arithmetic_coding_carries_the_same_coefficients() =>
        Assert.That(
            Codec.Decode(Convert.FromBase64String(ProgressiveArithmetic)).Array,
            Is.EqualTo(Codec.Decode(File.ReadAllBytes(TestData.Golden("degradations", "files", "size_17x16.jpg"))).Array));

    private static void AssertEqual(ImageBuffer actual, SafeTensors golden, string tensor)
    {
        ImageBuffer expected = Images.FromGolden(golden, tensor);
        Assert.That(actual.HasShapeOf(expected), Is.True, $"{tensor}: {actual}, expected {expected}");
        Assert.That(Images.LevelDifferences(Images.ToLevels(actual), golden.Bytes(tensor)), Is.EqualTo((0, 0)), tensor);
        Assert.That(actual.Array, Is.EqualTo(expected.Array), tensor);
    }

    // size_17x16.jpg, its coefficients coded anew by libjpeg-turbo 2.1.5: progressive, arithmetic, restart interval 3, own conditioning.
    private const string ProgressiveArithmetic =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAUDBAQEAwUEBAQFBQUGBwwIBwcHBw8LCwkMEQ8SEhEPERETFhwXExQaFRERGCEYGh0dHx8fExciJCIeJBweHx7/" +
        "2wBDAQUFBQcGBw4ICA4eFBEUHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh7/ygARCAAQABEDASIAAhEBAxEB/8wA" +
        "BgAQASD/3QAEAAP/2gAMAwEAAhADEAAAAdKrIhBRbAAvzXaG/8wABBAJ/9oACAEBAAEFAhqPtE4ujaD/0BWcdAVjV6w6Paz/zAAEEQX/2gAIAQMBAT8BEQFm" +
        "jXzQ/8wABBEF/9oACAECAQE/ASjN85yIfOkXJEhk/8wABBAJ/9oACAEBAAY/AnVd+1B9j4D/0I6liTH8TCD/zAAEEAn/2gAIAQEAAT8hssdvjEL0YP/Q/loo" +
        "YlmVAGQzZP/aAAwDAQACAAMAAAAQmmD/zAAEEQX/2gAIAQMBAT8QADvvdP/MAAQRBf/aAAgBAgEBPxBhCBA5ciJk6Lp24P/MAAQQCf/aAAgBAQABPxBRGK2c" +
        "OfgFcYTWHi4s/tVBQP/QMd2o8uUb6uVQtEzj2GmhEmL/2Q==";
}
