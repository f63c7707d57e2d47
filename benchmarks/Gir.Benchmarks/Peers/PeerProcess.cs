using System.Diagnostics;
using System.Globalization;

namespace Gir.Benchmarks.Peers;

/// <summary>A peer library's process: told a case's name it runs the case once and answers with the nanoseconds it took.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    public PeerProcess(string python, string script, params string[] arguments)
        : this(python, script, 1, arguments)
    {
    }

    /// <summary>Starts the peer; its libraries (OpenMP's and OpenBLAS's threads) are given a number of threads before they are loaded.</summary>
    public PeerProcess(string python, string script, int threads, params string[] arguments)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.ArgumentList.Add(script);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"Cannot start {python}.");
    }

    /// <summary>Milliseconds of one run of a case; negative where the peer is not installed.</summary>
    public double Run(string name) => Ask(name) / 1e6;

    /// <summary>The answer to a line.</summary>
    public long Ask(string name)
    {
        _process.StandardInput.WriteLine(name);
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The peer stopped at '{name}'; see its message above.");
        return long.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(2000);
        _process.Dispose();
    }
}
