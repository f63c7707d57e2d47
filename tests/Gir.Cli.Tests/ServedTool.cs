using System.Text;
using Gir.Cli.Shell;

namespace Gir.Cli.Tests;

/// <summary>"gir serve" in this process, on a free port.</summary>
internal sealed class ServedTool : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _error = new();
    private readonly Task<int> _running;

    private ServedTool(string[] arguments, FirstLine output)
    {
        var terminal = new Terminal(() => Stream.Null, () => Stream.Null, output, TextWriter.Synchronized(_error));
        _running = Task.Run(() => GirTool.RunAsync(["serve", "--port", "0", .. arguments], terminal, _stop.Token));
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Begins it.</summary>
    public static async Task<ServedTool> StartAsync(params string[] arguments)
    {
        var output = new FirstLine();
        var served = new ServedTool(arguments, output);
        Task first = await Task.WhenAny(output.Line, served._running, Task.Delay(s_patience));
        Assert.That(first, Is.EqualTo(output.Line), $"it tells its address: {served._error}");
        served.Address = new Uri(await output.Line);
        return served;
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _running.WaitAsync(s_patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        // Only now: the tool writes after its first line, too.
        await _error.DisposeAsync();
    }

    /// <summary>Tells the first line that is written.</summary>
    private sealed class FirstLine : TextWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Encoding Encoding => Encoding.UTF8;

        public Task<string> Line => _line.Task;

        public override void WriteLine(string? value) => _line.TrySetResult(value ?? "");
    }
}
