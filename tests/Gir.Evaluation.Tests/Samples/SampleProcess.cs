using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gir.Evaluation.Tests.Samples;

/// <summary>A sample program as a process of its own, built beside the tests.</summary>
internal sealed partial class SampleProcess : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private SampleProcess(string sample, string[] arguments)
    {
        // .../tests/Gir.Evaluation.Tests/bin/CONFIGURATION/net10.0/
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(TestData.Root, "samples", sample, "bin", framework.Parent!.Name, framework.Name, sample + ".dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public static SampleProcess Start(string sample, params string[] arguments) => new(sample, arguments);

    /// <summary>Runs to the end.</summary>
    public static SampleResult Run(string sample, params string[] arguments)
    {
        using SampleProcess process = Start(sample, arguments);
        return process.Wait();
    }

    public SampleResult Wait()
    {
        if (!_process.WaitForExit(Patience))
            throw new TimeoutException("The sample did not end.");
        return new SampleResult(_process.ExitCode, _output.Result, _error.Result);
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>
    /// Ctrl-C. A shell that runs the tests in its background makes all its children ignore that signal; there, the request to
    /// terminate is sent, which the samples answer alike.
    /// </summary>
    public void SendInterrupt() => Assert.That(SendSignal(_process.Id, IgnoresInterrupt() ? Terminate : Interrupt), Is.Zero);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private bool IgnoresInterrupt()
    {
        string status = $"/proc/{_process.Id}/status";
        if (!File.Exists(status))
            return false;
        string ignored = File.ReadLines(status).First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..];
        return (Convert.ToUInt64(ignored.Trim(), 16) & (1UL << (Interrupt - 1))) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}

internal sealed record SampleResult(int ExitCode, string Output, string Error);
