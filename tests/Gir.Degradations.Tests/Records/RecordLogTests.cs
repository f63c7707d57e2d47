using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Gir.Imaging.Files;
using static Gir.Degradations.Tests.FrameOperators;

namespace Gir.Degradations.Tests.Records;

[OnePass]
public sealed class RecordLogTests
{
    private static readonly DegradationPipeline s_pipeline = DegradationPipeline.Parse("noise");

    private TemporaryFolder _folder = null!;
    private string _path = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _path = _folder[RecordLog.UsualName];
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_log_that_is_opened_again_knows_what_is_done()
    {
        using (RecordLog log = RecordLog.Open(_path))
        {
            log.Append("b.png", Record(1));
            log.Append("night/a.png", Record(2));
        }

        using RecordLog again = RecordLog.Open(_path);
        Assert.That(again.Files, Is.EqualTo(new[] { "b.png", "night/a.png" }));
        Assert.That(again.Contains("b.png", s_pipeline, 1, "key"));
        Assert.That(again.Contains("b.png", s_pipeline, 2, "key"), Is.False);
        Assert.That(again.Contains("b.png", s_pipeline, 1, "other"), Is.False);
        Assert.That(again.Contains("b.png", DegradationPipeline.Parse("noise(sigma=21)"), 1, "key"), Is.False);
        Assert.That(again.Contains("a.png", s_pipeline, 1, "key"), Is.False);
        Assert.That(again.Contains("b.png") && !again.Contains("a.png"));
        Assert.That(again.TornBytes, Is.Zero);
    }

    [Test]
    public void A_second_writer_and_a_reader_are_refused_while_the_log_is_open()
    {
        using (RecordLog log = RecordLog.Open(_path))
        {
            log.Append("a.png", Record(1));
            Assert.That(() => RecordLog.Open(_path), Throws.TypeOf<IOException>().With.Message.EqualTo(
                $"'{_path}' is being written by another process: wait until it is done, or choose another folder."));
            Assert.That(() => RecordLog.Read(_path), Throws.TypeOf<IOException>().With.Message.Contains("is being written"));
        }

        RecordLog.Open(_path).Dispose();
        Assert.That(RecordLog.Read(_path), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_last_line_torn_anywhere_is_cut_off_and_nothing_else_is_lost()
    {
        using (RecordLog log = RecordLog.Open(_path))
        {
            log.Append("a.png", Record(1));
            log.Append("b.png", Record(2));
        }

        byte[] whole = File.ReadAllBytes(_path);
        int first = whole.AsSpan().IndexOf((byte)'\n') + 1;
        // A whole record may lack its line feed only.
        for (int length = 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            Assert.That(RecordLog.Read(_path), Has.Count.EqualTo((length >= first - 1 ? 1 : 0) + (length >= whole.Length - 1 ? 1 : 0)));
            using (RecordLog log = RecordLog.Open(_path))
            {
                bool keeps = length == first - 1 || length == whole.Length - 1;
                Assert.That(log.TornBytes, Is.EqualTo(keeps ? 0 : length < first ? length : length - first), $"{length}");
                log.Append("a.png", Record(1));
                log.Append("b.png", Record(2));
            }

            Assert.That(File.ReadAllBytes(_path), Is.EqualTo(whole), $"{length}");
        }
    }

    [Test]
    public void Zeros_that_a_failure_of_power_left_are_cut_off()
    {
        File.WriteAllBytes(_path, new byte[512]);
        using RecordLog log = RecordLog.Open(_path);
        Assert.That(log.TornBytes, Is.EqualTo(512));
    }

    [TestCase("A diary.\n", "line 1: ")]
    [TestCase("A diary without an end", "line 1: ")]
    [TestCase("\n\n{\"version\":1}\n", "line 3: $: property")]
    [TestCase("{\"version\":1,\n", "line 1: ")]
    public void What_holds_something_else_is_refused_and_left_as_it_is(string content, string message)
    {
        File.WriteAllText(_path, content);
        Assert.That(() => RecordLog.Open(_path), Throws.TypeOf<DegradationException>().With.Message.StartsWith($"{_path}, {message}"));
        Assert.That(() => RecordLog.Read(_path), Throws.TypeOf<DegradationException>().With.Message.StartsWith($"{_path}, {message}"));
        Assert.That(File.ReadAllText(_path), Is.EqualTo(content));
        File.WriteAllBytes(_path, [.. Encoding.ASCII.GetBytes(content), 0xFF, (byte)'\n']);
        Assert.That(() => RecordLog.Open(_path), Throws.TypeOf<DegradationException>());
    }

    [Test]
    public void Damage_in_the_middle_is_refused()
    {
        string line = Record(1).WithFile("a.png").ToJson();
        File.WriteAllText(_path, $"{line}\n{line[..40]}\n{line}\n");
        Assert.That(() => RecordLog.Open(_path), Throws.TypeOf<DegradationException>().With.Message.Contains("line 2"));
    }

    [Test]
    public void The_last_record_of_a_file_counts_and_the_same_one_is_not_written_twice()
    {
        using (RecordLog log = RecordLog.Open(_path))
        {
            log.Append("a.png", Record(1));
            log.Append("b.png", Record(1));
            log.Append("a.png", Record(2));
            log.Append("a.png", Record(2));
            Assert.That(log.Contains("a.png", s_pipeline, 1, "key"), Is.False);
            Assert.That(log.Contains("a.png", s_pipeline, 2, "key"));
        }

        Assert.That(File.ReadAllLines(_path), Has.Length.EqualTo(3));
        Assert.That(RecordLog.Read(_path).Select(r => (r.File, r.Seed)), Is.EqualTo(new[] { ("b.png", 1UL), ("a.png", 2UL) }));
    }

    [Test]
    public void A_completed_log_is_in_the_order_of_its_files_and_keeps_records_without_one()
    {
        string unnamed = Record(9).ToJson();
        File.WriteAllText(_path, unnamed + "\n");
        using (RecordLog log = RecordLog.Open(_path))
        {
            foreach ((string file, ulong seed) in new[] { ("c.png", 1UL), ("a.png", 2UL), ("b.png", 3UL), ("a.png", 4UL) })
                log.Append(file, Record(seed));
            log.Complete();
            Assert.That(() => log.Append("d.png", Record(5)), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => log.Complete(), Throws.TypeOf<ObjectDisposedException>());
        }

        Assert.That(File.ReadAllText(_path), Is.EqualTo(string.Concat(
            new[] { unnamed, Line("a.png", 4), Line("b.png", 3), Line("c.png", 1) }.Select(l => l + "\n"))));
        Assert.That(Directory.GetFiles(_folder[""]), Is.EqualTo(new[] { _path }));
    }

    [Test]
    public void A_log_behind_a_link_stays_where_it_is()
    {
        Directory.CreateDirectory(_folder["store"]);
        File.CreateSymbolicLink(_path, Path.Combine(_folder["store"], "real.jsonl"));
        using (RecordLog log = RecordLog.Open(_path))
        {
            log.Append("a.png", Record(1));
            log.Complete();
        }

        Assert.That(new FileInfo(_path).LinkTarget, Is.Not.Null);
        Assert.That(File.ReadAllText(Path.Combine(_folder["store"], "real.jsonl")), Is.EqualTo(Line("a.png", 1) + "\n"));
    }

    [TestCase("")]
    [TestCase("/etc/passwd")]
    [TestCase("../a.png")]
    [TestCase("a/../../b.png")]
    [TestCase("a//b.png")]
    [TestCase("..\\b.png")]
    [TestCase("./a.png")]
    [TestCase("a\nb.png")]
    public void A_file_outside_of_the_folder_is_no_file_of_a_record(string file)
    {
        using RecordLog log = RecordLog.Open(_path);
        Assert.That(() => log.Append(file, Record(1)), Throws.ArgumentException.With.Property("ParamName").EqualTo("file"));
        string json = Line("a.png", 1).Replace("\"a.png\"", JsonSerializer.Serialize(file));
        Assert.That(() => DegradationRecord.FromJson(json), Throws.TypeOf<DegradationException>().With.Message.StartsWith("$.file: "));
    }

    [Test]
    public void A_file_with_half_a_surrogate_pair_is_refused()
    {
        using RecordLog log = RecordLog.Open(_path);
        Assert.That(() => log.Append("a" + (char)0xD800 + ".png", Record(1)), Throws.ArgumentException);
    }

    [Test]
    public void A_missing_folder_and_a_device_are_told()
    {
        Assert.That(() => RecordLog.Open(Path.Combine(_folder["none"], "records.jsonl")), Throws.InstanceOf<IOException>());
        Assert.That(() => RecordLog.Read(_path), Throws.TypeOf<FileNotFoundException>());
        Assert.That(() => RecordLog.Open(_folder[""]), Throws.InstanceOf<UnauthorizedAccessException>().Or.InstanceOf<IOException>());
    }

    [Test]
    public void Other_catalogs_serve()
    {
        var pipeline = DegradationPipeline.Parse("shift(levels=2.5)", Options);
        using (RecordLog log = RecordLog.Open(_path, Catalog))
            log.Append("a.png", pipeline.Apply(TestImages.Random(1, 8, 8), 1).Record);
        using (RecordLog log = RecordLog.Open(_path, Catalog))
            Assert.That(log.Contains("a.png", pipeline, 1, ""));
        Assert.That(() => RecordLog.Open(_path), Throws.TypeOf<DegradationException>());
    }

    [Test]
    public void Hidden_files_of_killed_runs_are_removed_and_those_of_living_ones_stay()
    {
        int dead = DeadProcess();
        string[] stale = [Touch($".a.png.{dead}-1-{AtomicFile.Machine}.partial"), Touch($"sub/.b.png.{dead}-12-{AtomicFile.Machine}.partial"), OfAnEarlierProcess(Touch($".c.png.{Environment.ProcessId}-4-{AtomicFile.Machine}.partial"))];
        string[] others = [Touch($".a.png.{Environment.ProcessId}-1-{AtomicFile.Machine}.partial"), Touch(".a.png.partial"), Touch($"a.png.{dead}-1-{AtomicFile.Machine}.partial"), Touch($".a.png.{dead}-1-{AtomicFile.Machine}.partial.png")];
        using (RecordLog log = RecordLog.Open(_path))
        {
            // Only where images of the log are is looked for what is left of them.
            Assert.That(log.RemovedFiles, Is.EqualTo(2));
            Assert.That(File.Exists(stale[1]));
            log.Append("sub/b.png", Record(1));
        }

        using (RecordLog log = RecordLog.Open(_path))
            Assert.That(log.RemovedFiles, Is.EqualTo(1));
        Assert.That(stale.Where(File.Exists), Is.Empty);
        Assert.That(others.All(File.Exists));
    }

    [Test]
    public void A_run_that_is_killed_goes_on_to_the_same_files()
    {
        string expected = _folder["expected"];
        string folder = _folder["killed"];
        Directory.CreateDirectory(expected);
        Directory.CreateDirectory(folder);
        using (RecordLog log = RecordLog.Open(Path.Combine(expected, RecordLog.UsualName)))
        {
            RecordingProcess.Make(log, expected, _ => { });
            log.Complete();
        }

        foreach (int images in new[] { 1, 7, 15 })
        {
            using Process process = RecordingProcess.Start(folder);
            for (int i = 0; i < images; i++)
                process.StandardOutput.ReadLine();
            process.Kill();
            process.WaitForExit();
            string path = Path.Combine(folder, RecordLog.UsualName);
            HashSet<string?> recorded = [.. RecordLog.Read(path).Select(r => r.File)];
            string[] present = [.. Directory.GetFiles(folder, "???.png").Select(f => Path.GetFileName(f))];
            Assert.That(present.Except(recorded), Is.Empty);
            Assert.That(recorded.Except(present).Count(), Is.LessThanOrEqualTo(1));
        }

        using (Process process = RecordingProcess.Start(folder))
        {
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero);
        }

        Assert.That(Names(folder), Is.EqualTo(Names(expected)));
        foreach (string name in Names(expected))
            Assert.That(File.ReadAllBytes(Path.Combine(folder, name)), Is.EqualTo(File.ReadAllBytes(Path.Combine(expected, name))), name);
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(folder, "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    private static DegradationRecord Record(ulong seed) => s_pipeline.Apply(TestImages.Random(1, 8, 8), seed, "key").Record;

    private static string Line(string file, ulong seed) => Record(seed).WithFile(file).ToJson();

    private static int DeadProcess()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }

    private string Touch(string name)
    {
        string path = _folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }

    private static string OfAnEarlierProcess(string path)
    {
        File.SetLastWriteTimeUtc(path, Process.GetCurrentProcess().StartTime.ToUniversalTime().AddMinutes(-1));
        return path;
    }
}
