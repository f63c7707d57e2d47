using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Gir.Evaluation.Orleans.Tests;

/// <summary>A Redis server of a test's own, that keeps nothing.</summary>
internal sealed class RedisServer : IDisposable
{
    private const string Program = "redis-server";

    private readonly Process _process;

    private RedisServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts one; the test is skipped where this machine has none.</summary>
    public static RedisServer Start(string folder)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, Program))))
            Assert.Ignore($"There is no {Program} on this machine (Debian: apt-get install redis-server).");
        int port = ClusterExecutorTests.FreePort();
        Process process = Process.Start(new ProcessStartInfo(
            Program, ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder])
        {
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        bool up = SpinWait.SpinUntil(() => Answers(port), TimeSpan.FromSeconds(20));
        Assert.That(up, Is.True, "Redis does not start");
        return new RedisServer(process, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool Answers(int port)
    {
        Thread.Sleep(20);
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
