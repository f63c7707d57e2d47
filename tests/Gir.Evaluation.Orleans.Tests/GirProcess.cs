using System.Diagnostics;
using System.Text;

namespace Gir.Evaluation.Orleans.Tests;

/// <summary>The tool as a process of its own, which finds the package beside it.</summary>
internal sealed class GirProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    private static readonly List<GirProcess> s_all = [];

    private readonly string _command;
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private GirProcess(IEnumerable<string> arguments)
    {
        _command = string.Join(' ', arguments.Take(3));
        lock (s_all)
            s_all.Add(this);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Gir.Cli.dll"), .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>All it has said so far, on both streams.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>What all processes have said since this was asked last, for a test that failed.</summary>
    public static string AllSaid()
    {
        lock (s_all)
        {
            string all = string.Join('\n', s_all.Select(p => $"== {p._command}\n{p.Said}"));
            s_all.Clear();
            return all;
        }
    }

    public static GirProcess Start(params IEnumerable<string> arguments) => new(arguments);

    public void WaitFor(string words) =>
        Assert.That(SpinWait.SpinUntil(() => Rest() && (Said.Contains(words, StringComparison.Ordinal) || HasExited), s_patience) && Said.Contains(words, StringComparison.Ordinal), Is.True, $"expected '{words}', got: {Said}");

    /// <summary>Its exit code.</summary>
    public int Wait()
    {
        Assert.That(_process.WaitForExit(s_patience), Is.True, $"The tool does not end: {Said}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    /// <summary>Waiting is not to take a processor from who is waited for.</summary>
    internal static bool Rest()
    {
        Thread.Sleep(10);
        return true;
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
