using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Cli.Tests;

/// <summary>What becomes of samples and of what a file says beside them.</summary>
public sealed class SampleTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    // faults/sixteen-bit-lost
    [TestCase("restore", "--model", "identity")]
    [TestCase("degrade", "--pipeline", "noise(sigma=5)", "--quantize", "none")]
    public void Sixteen_bits_in_are_sixteen_bits_out(string command, params string[] how)
    {
        ImageFile.Save(_folder["long.png"], Ramp(4), new ImageSaveOptions(16) { Metadata = new ImageMetadata { Resolution = ImageResolution.PerInch(300, 150), IccProfile = Profile() } });
        ImageFile.Save(_folder["short.png"], Ramp(3));
        string Run(string input, params string[] more)
        {
            ToolResult result = Tool.Run([command, "--input", _folder[input], "--output", _folder["out"], .. how, "--force", .. more]);
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            return Path.Combine(_folder["out"], Path.ChangeExtension(input, ".png"));
        }

        Directory.CreateDirectory(_folder["out"]);
        string made = Run("long.png");
        Assert.That((ImageFile.ReadInfo(made).BitsPerSample, ImageFile.ReadInfo(made).Channels), Is.EqualTo((16, 4)));
        Assert.That(ImageFile.Load(made).Plane(3).SequenceEqual(ImageFile.Load(_folder["long.png"]).Plane(3)), Is.True, "alpha");
        ImageMetadata carried = ImageFile.ReadInfo(made).Metadata;
        Assert.That(carried.Resolution!.Value.HorizontalPerInch, Is.EqualTo(300).Within(0.01));
        Assert.That(carried.IccProfile.Span.SequenceEqual(Profile()), Is.True, "color profile");
        Assert.That(ImageFile.ReadInfo(Run("long.png", "--bits", "8")).BitsPerSample, Is.EqualTo(8));
        Assert.That(ImageFile.ReadInfo(Run("short.png")).BitsPerSample, Is.EqualTo(8));
        Assert.That(ImageFile.ReadInfo(Run("short.png", "--bits", "16")).BitsPerSample, Is.EqualTo(16));
    }

    [Test]
    public void Identity_loses_no_level_of_sixteen_bits()
    {
        ImageFile.Save(_folder["long.png"], Ramp(1), new PngEncodeOptions(16));

        Assert.That(Tool.Run("restore", "-i", _folder["long.png"], "-o", _folder["same.png"], "-m", "identity").ExitCode, Is.Zero);
        Assert.That(ImageFile.Load(_folder["same.png"]).Samples.SequenceEqual(ImageFile.Load(_folder["long.png"]).Samples), Is.True);
    }

    [TestCase("--bits|12|--output|o.png", "--bits 12: expected 8 or 16")]
    [TestCase("--model|gir-v1|--tile|-1|--output|o.png", "--tile: Expected 0 (no tiles)")]
    [TestCase("--model|gir-v1|--noise|256|--output|o.png", "--noise: Expected 0..255")]
    [TestCase("--bits|16|--output|o.jpg", "--bits 16: .jpg holds 8 bits")]
    [TestCase("--format|gif|--output|-", "--format gif")]
    [TestCase("--format|jpg|--output|o.png", "another extension")]
    public void What_a_format_cannot_hold_is_told_before_the_work(string arguments, string told)
    {
        ImageFile.Save(_folder["a.png"], Ramp(3));
        ToolResult result = Tool.Run(["restore", "--input", _folder["a.png"], .. arguments.Contains("--model", StringComparison.Ordinal) ? [] : new[] { "--model", "identity" }, .. arguments.Split('|').Select(a => a.StartsWith("o.", StringComparison.Ordinal) ? _folder[a] : a)]);

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain(told));
    }

    // faults/nan-becomes-black
    [TestCase("restore", "--model", "identity")]
    [TestCase("degrade", "--pipeline", "noise")]
    public void What_is_no_number_is_refused_with_file_and_place(string command, params string[] how)
    {
        ImageBuffer image = Ramp(3);
        image[1, 2, 3] = float.NaN;
        ImageFile.Save(_folder["bad.npy"], image);
        Directory.CreateDirectory(_folder["out"]);

        ToolResult result = Tool.Run([command, "--input", _folder["bad.npy"], "--output", _folder["out"], .. how]);

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("bad.npy").And.Contain("NaN at channel 1, row 2, column 3"));
        Assert.That(Directory.GetFiles(_folder["out"], "bad.*"), Is.Empty);
    }

    [Test]
    public void Weights_that_are_no_numbers_do_not_paint_black()
    {
        ImageFile.Save(_folder["a.png"], Ramp(3));
        RestorationNetwork network = ModelZoo.CreateNetwork("SRCNN", HyperParameters.Parse("""{ "kernels": [3, 1, 3], "features": [4, 4] }"""));
        Dictionary<string, Tensor> spoiled = new(network.Module.StateDictionary());
        string bias = spoiled.Keys.Last(k => k.EndsWith("bias", StringComparison.Ordinal));
        spoiled[bias] = Tensor.Full(spoiled[bias].Shape, float.NaN);
        ModelZoo.Save(_folder["nan.safetensors"], network, state: spoiled);
        string[] arguments = ["restore", "-i", _folder["a.png"], "-m", _folder["nan.safetensors"]];

        ToolResult refused = Tool.Run([.. arguments, "-o", _folder["r.png"]]);
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(refused.Error, Does.Contain("a.png").And.Contain("NaN at channel 0, row 0, column 0"));
        Assert.That(Tool.Run([.. arguments, "-o", _folder["r.png"], "--allow-non-finite"]).Error, Does.Contain("to a .npy file"));
        Assert.That(File.Exists(_folder["r.png"]), Is.False);

        ToolResult kept = Tool.Run([.. arguments, "-o", _folder["r.npy"], "--allow-non-finite"]);
        Assert.That(kept.ExitCode, Is.Zero, kept.Error);
        Assert.That(ImageFile.Load(_folder["r.npy"])[0, 0, 0], Is.NaN);
    }

    [TestCase("degrade", "--pipeline", "blur(size=9,sigma=2)")]
    [TestCase("degrade", "--pipeline", "resize(scale=2)")]
    [TestCase("restore", "--model", "gaussian(sigma=2)")]
    [TestCase("restore", "--model", "identity")]
    public void A_sprite_on_transparent_black_gets_no_dark_fringe(string command, params string[] how)
    {
        var sprite = new ImageBuffer(4, 32, 32);
        for (int y = 10; y < 22; y++)
        {
            for (int x = 8; x < 24; x++)
            {
                (sprite[0, y, x], sprite[1, y, x], sprite[3, y, x]) = (0.8f, 0.4f, x is 8 or 23 ? 0.2f : 1);
            }
        }

        ImageFile.Save(_folder["sprite.png"], sprite);
        ImageBuffer before = ImageFile.Load(_folder["sprite.png"]);
        Directory.CreateDirectory(_folder["out"]);

        ToolResult result = Tool.Run([command, "--input", _folder["sprite.png"], "--output", _folder["out"], .. how]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        ImageBuffer after = ImageFile.Load(Path.Combine(_folder["out"], "sprite.png"));
        Assert.That(after.Plane(3).SequenceEqual(before.Plane(3)), Is.True, "alpha");
        for (int c = 0; c < 3; c++)
        {
            for (int i = 0; i < before.PlaneLength; i++)
                Assert.That(after.Plane(c)[i], Is.EqualTo(before.Plane(c)[i]).Within(1.01 / 255), $"channel {c}, pixel {i}");
        }
    }

    private static byte[] Profile()
    {
        byte[] profile = new byte[140];
        profile[3] = 140;
        "RGB "u8.CopyTo(profile.AsSpan(16));
        "acsp"u8.CopyTo(profile.AsSpan(36));
        return profile;
    }

    private static ImageBuffer Ramp(int channels)
    {
        var image = new ImageBuffer(channels, 40, 52);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = i * 7 % 65536 / 65535f;
        return image;
    }
}
