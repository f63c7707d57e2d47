using System.Text.Json;
using Gir.Degradations;
using Gir.Degradations.Tasks;
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
    public void One_image_becomes_the_file_that_is_named()
    {
        string[] arguments = ["degrade", "--input", Path.Combine(_folder["in"], "color.png"), "--pipeline", "noise + blur"];
        string file = Path.Combine(_folder["out"], "bad.npy");
        ToolResult made = Tool.Run([.. arguments, "--output", file]);
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        Assert.That(made.Error + made.Output, Does.Contain($"{file}, records in records.jsonl"));
        Assert.That(Files("out"), Is.EqualTo(new[] { "bad.npy", "records.jsonl" }));
        Assert.That(Tool.Run([.. arguments, "--output", file]).Error, Does.Contain("exists already").And.Contain("--force"));
        ToolResult resumed = Tool.Run([.. arguments, "--output", file, "--resume"]);
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);

        ToolResult rebuilt = Tool.Run("degrade", "-i", Path.Combine(_folder["in"], "color.png"), "--replay", Path.Combine(_folder["out"], "records.jsonl"), "-o", _folder["again.npy"]);
        Assert.That(rebuilt.ExitCode, Is.Zero, rebuilt.Error);
        Assert.That(File.ReadAllBytes(_folder["again.npy"]), Is.EqualTo(Bytes("out", "bad.npy")));
        Assert.That(Tool.Run([.. arguments, "--output", _folder["bad.png"], "--format", "jpg"]).Error, Does.Contain("another extension"));
        Assert.That(Tool.Run([.. arguments, "--output", Path.Combine(_folder["in"], "color.png"), "--force"]).ExitCode, Is.EqualTo(2), "the input itself");
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
    [TestCase("--task|cross:7:51", "51")]
    [TestCase("--task|cross:7", "names 50 tasks")]
    [TestCase("--task|cross:x:1", "cross:x")]
    [TestCase("--task|2|--bits|12", "--bits 12")]
    [TestCase("--task|2|--format|jpg|--bits|16", "--bits 16")]
    [TestCase("--task|1|--random|2", "one of --pipeline, --task, --random and --replay")]
    [TestCase("--task|9|--depth|.", "depth map")]
    [TestCase("--task|2|--format|jpg", "alpha")]
    [TestCase("--task|2|--format|gif", "gif")]
    [TestCase("--task|2|--quantize|often", "often")]
    [TestCase("--replay|nonesuch.jsonl", "--replay nonesuch.jsonl: there is no such file.")]
    [TestCase("--task|2|--output|one.png", "--output one.png: is the name of an image file; expected a folder.")]
    public void A_mistake_is_told_in_one_line_with_exit_code_2_and_writes_nothing(string arguments, string told)
    {
        string[] output = arguments.Contains("--output", StringComparison.Ordinal) ? [] : ["--output", _folder["out"]];
        ToolResult result = Run([.. output, .. arguments.Split('|')]);

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
        ToolResult damaged = Run("--output", _folder["out"], "--pipeline", "noise", "--strict");
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

        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Error, Does.Contain("tiny.png").And.Contain("3").And.Contain("1 of 3 images left out: tiny.png"));
        Assert.That(Files("out"), Is.EqualTo(new[] { "alpha.png", "color.png", "records.jsonl" }));
        Assert.That(File.ReadAllLines(Path.Combine(_folder["out"], "records.jsonl")), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_task_of_cross_validation_is_the_one_that_evaluate_uses()
    {
        Assert.That(Run("--output", _folder["out"], "--task", "cross:7:3", "--seed", "5").ExitCode, Is.Zero);

        DegradationRecord record = RecordLog.Read(Path.Combine(_folder["out"], "records.jsonl"))[0];
        Assert.That(record.Pipeline.ToExpression(), Is.EqualTo(RandomTaskSampler.CrossValidation(7)[2].Pipeline.ToExpression()));
    }

    [Test]
    public void The_operators_are_listed_with_all_their_parameters()
    {
        string table = Tool.Run("degrade", "--list").Output;
        using JsonDocument json = JsonDocument.Parse(Tool.Run("degrade", "--list", "--json").Output);

        foreach (DegradationDescriptor descriptor in DegradationCatalog.All)
        {
            JsonElement listed = json.RootElement.EnumerateArray().Single(o => o.GetProperty("name").GetString() == descriptor.Name);
            Assert.That(listed.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()), Is.EqualTo(descriptor.Parameters.Select(p => p.Name)));
            foreach (DegradationParameter parameter in descriptor.Parameters)
                Assert.That(table, Does.Contain(parameter.Name));
        }
    }

    // faults/two-writers-lose-records
    [Test]
    public void A_second_writer_is_refused_and_a_later_one_adds_its_records()
    {
        Directory.CreateDirectory(_folder["out"]);
        using (RecordLog.Open(Path.Combine(_folder["out"], RecordLog.UsualName)))
        {
            ToolResult second = Run("--output", _folder["out"], "--pipeline", "noise", "--force");
            Assert.That(second.ExitCode, Is.EqualTo(2));
            Assert.That(second.Error, Does.Contain("being written by another process"));
        }

        Directory.CreateDirectory(_folder["more"]);
        ImageFile.Save(Path.Combine(_folder["more"], "third.png"), Images.Gradient(20, 20));
        Assert.That(Run("--output", _folder["out"], "--pipeline", "noise").ExitCode, Is.Zero);
        Assert.That(Tool.Run("degrade", "--input", _folder["more"], "--output", _folder["out"], "--pipeline", "blur").ExitCode, Is.Zero);
        Assert.That(RecordLog.Read(Path.Combine(_folder["out"], "records.jsonl")).Select(r => r.ImageKey), Is.EqualTo(new[] { "alpha.png", "color.png", "third.png" }));
    }

    [Test]
    public void A_killed_run_has_a_record_of_every_image_and_goes_on()
    {
        Directory.CreateDirectory(_folder["many"]);
        for (int i = 0; i < 40; i++)
            ImageFile.Save(Path.Combine(_folder["many"], $"{i:00}.png"), Images.Gradient(64, 64, (ulong)i));
        string[] arguments = ["degrade", "--input", _folder["many"], "--pipeline", "haze + noise", "--threads", "1"];
        Assert.That(Tool.Run([.. arguments, "--output", _folder["whole"]]).ExitCode, Is.Zero);
        using (ToolProcess killed = ToolProcess.Start([.. arguments, "--output", _folder["out"]]))
        {
            SpinWait.SpinUntil(() => killed.HasExited || (Directory.Exists(_folder["out"]) && Directory.GetFiles(_folder["out"], "*.png").Length > 2), TimeSpan.FromMinutes(1));
            killed.Kill();
            killed.Wait();
        }

        string[] made = [.. Directory.GetFiles(_folder["out"], "??.png").Select(f => Path.GetFileName(f)!)];
        HashSet<string> recorded = [.. RecordLog.Read(Path.Combine(_folder["out"], "records.jsonl")).Select(r => r.ImageKey)];
        Assert.That(made, Is.SubsetOf(recorded));

        ToolResult resumed = Tool.Run([.. arguments, "--output", _folder["out"], "--resume"]);

        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(Files("out"), Is.EqualTo(Files("whole")), "and nothing hidden is left");
        foreach (string name in Files("whole"))
            Assert.That(Bytes("out", name), Is.EqualTo(Bytes("whole", name)), name);
    }

    [Test]
    public void Resuming_something_else_is_refused()
    {
        Assert.That(Run("--output", _folder["out"], "--pipeline", "noise").ExitCode, Is.Zero);

        ToolResult refused = Run("--output", _folder["out"], "--pipeline", "noise", "--seed", "1", "--resume");

        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.Contain("was made otherwise"));
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
