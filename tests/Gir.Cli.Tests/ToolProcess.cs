using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gir.Cli.Tests;

/// <summary>The tool as a process of its own, for what needs one: signals and sudden ends.</summary>
internal sealed partial class ToolProcess : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ToolProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Gir.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public static ToolProcess Start(params string[] arguments) => new(arguments);

    public ToolResult Wait()
    {
        if (!_process.WaitForExit(Patience))
            throw new TimeoutException("The tool did not end.");
        return new ToolResult(_process.ExitCode, _output.Result, _error.Result);
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>
    /// Ctrl-C. A shell that runs the tests in its background makes all its children ignore that signal; there, the request to
    /// terminate is sent, which the tool answers alike.
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
