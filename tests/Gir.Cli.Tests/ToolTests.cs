using System.Diagnostics;
using System.Text.Json;
using Gir.Cli.Doctor;
using Gir.Cli.Shell;

namespace Gir.Cli.Tests;

/// <summary>What all commands have in common.</summary>
public sealed class ToolTests
{
    private static readonly string[] s_commands = ["degrade", "restore", "score", "evaluate", "train", "train lines", "train export", "doctor", "completion"];

    [TestCase("")]
    [TestCase("train")]
    public void Without_anything_to_do_the_help_is_shown(string arguments)
    {
        ToolResult result = Tool.Run(Words(arguments));

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Output, Does.Contain("Usage:").And.Contain("--help"));
    }

    [TestCaseSource(nameof(s_commands))]
    public void Every_command_has_help(string command)
    {
        ToolResult result = Tool.Run([.. Words(command), "--help"]);

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.Contain("Usage:").And.Contain("--quiet"));
    }

    [TestCase("degrad", "There is no command 'degrad'. Did you mean 'degrade'?")]
    [TestCase("restore --modle x", "There is no option '--modle'. Did you mean '--model'?")]
    [TestCase("restore --ouput=x", "There is no option '--ouput=x'. Did you mean '--output'?")]
    [TestCase("score --quite", "There is no option '--quite'. Did you mean '--quiet'?")]
    [TestCase("train line", "There is no command 'line'. Did you mean 'lines'?")]
    [TestCase("evaluate --pictures -o x", "--pictures: expected a value, found the option '-o'.")]
    [TestCase("evaluate --zzzzzz", "There is no option '--zzzzzz'. See gir evaluate --help.")]
    [TestCase("train export --zzzzzz", "There is no option '--zzzzzz'. See gir train export --help.")]
    [TestCase("degrade picture.png -o out", "There is no argument 'picture.png'. See gir degrade --help.")]
    [TestCase("degrade -o out -p noise", "Expected --input and --output (or --list).")]
    [TestCase("score -m psnr", "Expected --image (or --list).")]
    [TestCase("degrade --seed -1", "--seed -1: expected a whole number of 0..18446744073709551615.")]
    [TestCase("degrade --random two", "--random two: expected a whole number of at most 2147483647.")]
    [TestCase("restore --noise loud", "--noise loud: expected a number.")]
    [TestCase("degrade -i", "Required argument missing for option: '-i'.")]
    public void A_misspelling_is_told_with_what_may_have_been_meant(string arguments, string told)
    {
        ToolResult result = Tool.Run(Words(arguments));

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error.TrimEnd(), Is.EqualTo("error: " + told));
        Assert.That(result.Output, Is.Empty);
    }

    // faults/empty-option-crash
    [TestCase("degrade", "--input", "--output", "--pipeline", "--task", "--replay", "--quantize", "--depth", "--format")]
    [TestCase("restore", "--input", "--output", "--model", "--options", "--sheet")]
    [TestCase("score", "--image", "--reference", "--metrics", "--profile", "--niqe-model", "--brisque-model", "--brisque-range", "--format")]
    [TestCase("evaluate", "--images", "--test-set", "--tasks", "--restorer", "--lines", "--metrics", "--output", "--depth")]
    [TestCase("train", "--recipe", "--architecture", "--hyper", "--tasks", "--images", "--initial", "--prior", "--output")]
    [TestCase("train lines", "--recipe-acceptance", "--recipe-excellence", "--initial-acceptance", "--initial-excellence", "--test-set", "--tasks", "--output")]
    [TestCase("train export", "--input", "--output", "--format", "--size", "--license", "--training")]
    public void An_empty_value_is_refused_as_an_unset_variable_of_a_shell_makes_it(string command, params string[] options)
    {
        using var folder = new TemporaryFolder();
        foreach (string option in options)
        {
            string[] required = [.. Required(command).Where(r => r != option).SelectMany(r => new[] { r, folder["x"] })];
            foreach (string[] form in new[] { new[] { option, "" }, [option, " "], [option + "="] })
            {
                ToolResult result = Tool.Run([.. Words(command), .. required, .. form]);
                Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), $"{command} {option}: {result.Error}");
                Assert.That(result.Error, Does.StartWith("error: ").And.Contain(option));
                Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
            }
        }
    }

    [Test]
    public void The_doctor_finds_this_installation_well()
    {
        ToolResult result = Tool.Run("doctor", "--json");

        Assert.That(result.ExitCode, Is.Zero, result.Output);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Dictionary<string, string> states = json.RootElement.EnumerateArray().ToDictionary(f => f.GetProperty("part").GetString()!, f => f.GetProperty("state").GetString()!);
        Assert.That(states["codec png"], Is.EqualTo("fine"));
        Assert.That(states["engine"], Is.EqualTo("fine"));
        Assert.That(states["model gir-v1"], Is.EqualTo("fine"));
        Assert.That(Tool.Run("doctor").Output, Does.Contain("codec jpeg").And.Contain("reads and writes .jpg"));
    }

    [Test]
    public void What_should_work_and_does_not_is_a_gate_not_met()
    {
        Finding broken = Checkup.Try("part", () => throw new InvalidOperationException("no\nuse"));

        Assert.That(broken, Is.EqualTo(new Finding("part", FindingState.Broken, "no use")));
        Assert.That(DoctorCommand.Run(NoTerminal(out _), [broken], json: false), Is.EqualTo(ExitCode.GateNotMet));
    }

    [Test]
    public void A_mistake_of_the_tools_own_asks_for_a_report_in_one_line()
    {
        int code = Failures.Tell(NoTerminal(out StringWriter error), new InvalidOperationException("odd\nthing (Parameter 'x')"));

        Assert.That(code, Is.EqualTo(70));
        Assert.That(error.ToString(), Does.StartWith("error: ").And.Contain("please report").And.Contain("InvalidOperationException: odd thing"));
        Assert.That(error.ToString().TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void Too_little_memory_is_no_mistake_of_the_tools_own()
    {
        Assert.That(Failures.Tell(NoTerminal(out StringWriter error), new AggregateException(new OutOfMemoryException())), Is.EqualTo(ExitCode.Usage));
        Assert.That(error.ToString(), Does.Contain("not enough memory"));
    }

    [Test]
    public void A_part_that_cannot_be_loaded_is_told_with_the_likely_reasons()
    {
        var missing = new FileNotFoundException("Could not load it.", "System.Text, Version=10.0.0.0, Culture=neutral");

        Assert.That(Failures.Tell(NoTerminal(out StringWriter error), missing), Is.EqualTo(ExitCode.Usage));
        Assert.That(error.ToString(), Does.Contain("ulimit -n").And.Contain("Could not load it."));
    }

    // 40 are not enough for the tool's first parts; one less than it asks for is refused before any other thread runs.
    [TestCase(40, ExitCode.Usage)]
    [TestCase(80, ExitCode.Usage)]
    [TestCase(OpenFileLimit.Least - 1, ExitCode.Usage)]
    [TestCase(OpenFileLimit.Least, ExitCode.Fine)]
    [Platform("Linux")]
    public void Few_open_files_end_in_one_line_and_enough_do_all_work(int files, int expected)
    {
        using var folder = new TemporaryFolder();
        string tool = Path.Combine(AppContext.BaseDirectory, "Gir.Cli.dll");
        var start = new ProcessStartInfo("bash", ["-c", $"ulimit -n {files}; exec dotnet exec '{tool}' evaluate --limit 1 --tasks 2 --restorer median -o '{folder["out"]}'"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.EqualTo(expected), error);
        Assert.That(output.Result.Contains("median", StringComparison.Ordinal), Is.EqualTo(expected == ExitCode.Fine));
        if (expected != ExitCode.Fine)
            Assert.That(error.TrimEnd(), Does.StartWith("error: ").And.Contain("ulimit -n").And.Not.Contain("\n"));
    }

    [TestCase("Max open files            80                   524288               files     ", "Only 80 files may be open; gir takes 128 (ulimit -n 128).")]
    [TestCase("Max open files            1024                 524288               files     ", null)]
    [TestCase("Max open files            unlimited            unlimited            files     ", null)]
    [TestCase("Max stack size            80                   80                   bytes     ", null)]
    public void Limits_are_read_as_the_system_tells_them(string line, string? expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["limits"], "Limit                     Soft Limit           Hard Limit           Units     \n" + line + "\n");
        Assert.That(OpenFileLimit.Complaint(folder["limits"]), Is.EqualTo(expected));
        Assert.That(OpenFileLimit.Complaint(folder["none"]), Is.Null);
    }

    [Test]
    public void What_parallel_work_has_wrapped_is_told_as_it_is()
    {
        var cause = new UsageException("the cause");

        Assert.That(Failures.Root(new AggregateException(new AggregateException(cause), new InvalidOperationException())), Is.SameAs(cause));
        Assert.That(Failures.Root(new TypeInitializationException("T", cause)), Is.SameAs(cause));
    }

    [TestCase("bash")]
    [TestCase("zsh")]
    [TestCase("fish")]
    [TestCase("pwsh")]
    public void Completion_asks_the_tool_itself(string shell)
    {
        Assert.That(Tool.Run("completion", shell).Output, Does.Contain("[suggest:"));
        Assert.That(Tool.Run("[suggest:9]", "gir resto").Output.Trim(), Is.EqualTo("restore"));
        Assert.That(Tool.Run("[suggest:17]", "gir restore --mod").Output.Trim(), Is.EqualTo("--model"));
    }

    [Test]
    public void A_file_whose_name_begins_with_an_at_sign_is_no_response_file()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = Tool.Run("score", "--image", "@nonesuch.png");

        Assert.That(result.Error, Does.Contain("'@nonesuch.png' does not exist"));
    }

    [Test]
    public async Task Progress_is_a_line_now_and_then_where_nobody_watches_and_nothing_when_quiet()
    {
        var clock = new SteppingClock();
        using var error = new StringWriter();
        var terminal = new Terminal(() => Stream.Null, () => Stream.Null, TextWriter.Null, error) { Time = clock };
        Func<IProgress<WorkProgress>, Task> work = progress =>
        {
            for (int i = 1; i <= 4; i++)
            {
                clock.Now += TimeSpan.FromSeconds(6);
                progress.Report(new WorkProgress(i));
            }

            return Task.CompletedTask;
        };

        await new ProgressView(terminal).ShowAsync("Restoring", 4, work);
        Assert.That(error.ToString().ReplaceLineEndings("\n"), Is.EqualTo("Restoring: 2 of 4, left 0m12s\nRestoring: 4 of 4, left 0m00s\n"));

        terminal.Quiet = true;
        await new ProgressView(terminal).ShowAsync("Restoring", 4, work);
        Assert.That(error.ToString().Split('\n'), Has.Length.EqualTo(3));
    }

    private static string[] Required(string command) => command switch
    {
        "degrade" or "train export" => ["--input", "--output"],
        "score" => ["--image"],
        _ => [],
    };

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Terminal NoTerminal(out StringWriter error)
    {
        error = new StringWriter();
        return new Terminal(() => Stream.Null, () => Stream.Null, TextWriter.Null, error);
    }

    private sealed class SteppingClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
