using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

/// <summary>The command as a user runs it.</summary>
public sealed class DegradeTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["in"]);
        ImageFile.Save(Path.Combine(_folder["in"], "color.png"), Images.Gradient(40, 52));
        ImageFile.Save(Path.Combine(_folder["in"], "alpha.png"), WithAlpha(Images.Gradient(33, 47, 1)));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Records_rebuild_every_pixel_and_alpha_is_carried_through()
    {
        ToolResult made = Run("--output", _folder["out"], "--pipeline", "haze + blur(sigma=1) + noise", "--seed", "9");
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        Assert.That(Files("out"), Is.EqualTo(new[] { "alpha.png", "color.png", "records.jsonl" }));

        ToolResult rebuilt = Run("--output", _folder["again"], "--replay", Path.Combine(_folder["out"], "records.jsonl"), "--threads", "1");
        Assert.That(rebuilt.ExitCode, Is.Zero, rebuilt.Error);
        Assert.That(Files("again"), Is.EqualTo(new[] { "alpha.png", "color.png" }));
        foreach (string name in Files("again"))
            Assert.That(Bytes("again", name), Is.EqualTo(Bytes("out", name)), name);

        ImageBuffer before = ImageFile.Load(Path.Combine(_folder["in"], "alpha.png"));
        ImageBuffer after = ImageFile.Load(Path.Combine(_folder["out"], "alpha.png"));
        Assert.That(after.Channels, Is.EqualTo(4));
        Assert.That(after.Plane(3).ToArray(), Is.EqualTo(before.Plane(3).ToArray()));
        Assert.That(after.Plane(0).ToArray(), Is.Not.EqualTo(before.Plane(0).ToArray()));
    }

    [Test]
    public void Random_pipelines_replay_from_unrounded_files_too()
    {
        ToolResult made = Run("--output", _folder["out"], "--random", "3", "--quantize", "none", "--format", "npy");
        Assert.That(made.ExitCode, Is.Zero, made.Error);

        ToolResult rebuilt = Run("--output", _folder["again"], "--replay", Path.Combine(_folder["out"], "records.jsonl"), "--format", "npy");
        Assert.That(rebuilt.ExitCode, Is.Zero, rebuilt.Error);
        Assert.That(Files("again"), Is.EqualTo(new[] { "alpha.npy", "color.npy" }));
        foreach (string name in Files("again"))
            Assert.That(Bytes("again", name), Is.EqualTo(Bytes("out", name)), name);
    }

    [Test]
    public void Existing_output_needs_force()
    {
        Assert.That(Run("--output", _folder["out"], "--pipeline", "noise").ExitCode, Is.Zero);
        byte[] first = Bytes("out", "color.png");

        ToolResult refused = Run("--output", _folder["out"], "--pipeline", "noise", "--seed", "1");
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.Contain("exists already").And.Contain("--force"));
        Assert.That(Bytes("out", "color.png"), Is.EqualTo(first));

        Assert.That(Run("--output", _folder["out"], "--pipeline", "noise", "--seed", "1", "--force").ExitCode, Is.Zero);
        Assert.That(Bytes("out", "color.png"), Is.Not.EqualTo(first));
    }

    [TestCase("--pipeline|blurr", "blurr")]
    [TestCase("--pipeline|blur(radios=2)", "radios")]
    [TestCase("--pipeline|noise(sigma=-1)", "sigma")]
    [TestCase("--pipeline|blur + haze", "haze")]
    [TestCase("--task|99", "99")]
    [TestCase("--random|9", "--random 9")]
    [TestCase("--task|1|--random|2", "one of --pipeline, --task, --random and --replay")]
    [TestCase("--task|9|--depth|.", "depth map")]
    [TestCase("--task|2|--format|jpg", "alpha")]
    [TestCase("--task|2|--format|gif", "gif")]
    [TestCase("--task|2|--quantize|often", "often")]
    [TestCase("--replay|nonesuch.jsonl", "nonesuch.jsonl")]
    public void A_mistake_is_told_in_one_line_with_exit_code_2_and_writes_nothing(string arguments, string told)
    {
        ToolResult result = Run(["--output", _folder["out"], .. arguments.Split('|')]);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain(told));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(Path.Exists(_folder["out"]) ? Files("out") : [], Is.Empty);
    }

    [Test]
    public void Bad_inputs_are_found_before_anything_is_written()
    {
        string cut = Path.Combine(_folder["in"], "cut.png");
        File.WriteAllBytes(cut, Bytes("in", "color.png")[..20]);
        ToolResult damaged = Run("--output", _folder["out"], "--pipeline", "noise");
        Assert.That(damaged.ExitCode, Is.EqualTo(2));
        Assert.That(damaged.Error, Does.Contain("cut.png"));
        File.Delete(cut);

        ImageFile.Save(Path.Combine(_folder["in"], "color.bmp"), Images.Gradient(40, 52));
        ToolResult same = Run("--output", _folder["out"], "--pipeline", "noise");
        Assert.That(same.ExitCode, Is.EqualTo(2));
        Assert.That(same.Error, Does.Contain("color.png").And.Contain("color.bmp"));
        Assert.That(Path.Exists(_folder["out"]), Is.False);
    }

    [Test]
    public void An_image_too_small_for_a_kernel_is_named_and_the_finished_ones_keep_their_records()
    {
        ImageFile.Save(Path.Combine(_folder["in"], "tiny.png"), Images.Gradient(3, 3));

        ToolResult result = Run("--output", _folder["out"], "--pipeline", "blur(size=21)", "--threads", "1");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain("tiny.png").And.Contain("3"));
        Assert.That(Files("out"), Is.EqualTo(new[] { "alpha.png", "color.png", "records.jsonl" }));
        Assert.That(File.ReadAllLines(Path.Combine(_folder["out"], "records.jsonl")), Has.Length.EqualTo(2));
    }

    private static ImageBuffer WithAlpha(ImageBuffer color)
    {
        float[] alpha = new float[color.PlaneLength];
        for (int i = 0; i < alpha.Length; i++)
            alpha[i] = (i % 256) / 255f;
        return new ImageBuffer(4, color.Height, color.Width, [.. color.Samples, .. alpha]);
    }

    private ToolResult Run(params string[] arguments) => Tool.Run(["degrade", "--input", _folder["in"], .. arguments]);

    private string[] Files(string folder) => [.. Directory.GetFiles(_folder[folder]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private byte[] Bytes(string folder, string name) => File.ReadAllBytes(Path.Combine(_folder[folder], name));
}
