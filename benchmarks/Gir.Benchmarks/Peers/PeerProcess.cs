using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Gir.Benchmarks.Peers;

/// <summary>A peer library's process: told a case's name it runs the case once and answers with the nanoseconds it took.</summary>
internal sealed class PeerProcess : IPeer
{
    private readonly Process _process;
    private readonly string _name;
    private readonly string _advice;
    private string _lastError = "it said nothing";

    public PeerProcess(string python, string script, params string[] arguments)
        : this(python, [script, .. arguments], "--python PATH chooses a Python that has what the script's head names")
    {
    }

    private PeerProcess(string program, string[] arguments, string advice)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // OpenMP's and OpenBLAS's threads are told before they are loaded.
        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        (_name, _advice) = ($"{program} {Path.GetFileName(arguments[0])}", advice);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PeerException($"Cannot start the peer, {_name}: {e.Message} ({advice}).");
        }

        // The last line of a traceback is what went wrong; warnings on the way there are nobody's concern.
        _process.ErrorDataReceived += (_, line) => _lastError = string.IsNullOrWhiteSpace(line.Data) ? _lastError : line.Data.Trim();
        _process.BeginErrorReadLine();
    }

    /// <summary>A build of Gir, by its benchmark program.</summary>
    public static PeerProcess OfBuild(string program) => new("dotnet", [program, "serve"], "it is a Gir.Benchmarks.dll that knows the command 'serve'");

    public string Name => "peer";

    public double Run(string name) => Ask(name) / 1e6;

    private long Ask(string name)
    {
        string? answer = null;
        try
        {
            _process.StandardInput.WriteLine(name);
            _process.StandardInput.Flush();
            answer = _process.StandardOutput.ReadLine();
        }
        catch (IOException)
        {
            // It has ended before it was asked: as no answer.
        }

        if (answer is not null)
            return long.Parse(answer, CultureInfo.InvariantCulture);
        _process.WaitForExit();
        throw new PeerException($"The peer, {_name}, stopped at '{name}': {_lastError} ({_advice}).");
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The pipe of a peer that has ended.
        }

        _process.WaitForExit(2000);
        _process.Dispose();
    }
}
