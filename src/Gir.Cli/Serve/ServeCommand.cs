using System.Net;
using Gir.Cli.Shell;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Gir.Cli.Serve;

/// <summary>Serves the page until it is stopped.</summary>
internal static class ServeCommand
{
    public const int LeastSide = 64;
    public const int MostSide = 4096;

    private const int MostConnections = 64;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(ServeSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        if (settings.Port is < 0 or > IPEndPoint.MaxPort)
            throw new UsageException($"--port {settings.Port}: expected 0..{IPEndPoint.MaxPort}.");
        if (!IPAddress.TryParse(settings.Listen, out IPAddress? listen))
            throw new UsageException($"--listen {settings.Listen}: expected an IP address, e.g. 127.0.0.1.");
        if (settings.Side is < LeastSide or > MostSide)
            throw new UsageException($"--side {settings.Side}: expected {LeastSide}..{MostSide}.");
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = settings.Threads });
        var workbench = new Workbench(ServedModels.Load(settings.Models, settings.Wrapper), settings.Side, settings.Threads);
        await using WebApplication app = Build(listen, settings.Port, new WorkbenchServer(workbench, IPAddress.IsLoopback(listen)));
        await StartAsync(app, settings, cancellationToken);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        terminal.Output.WriteLine($"{address}/");
        await terminal.Output.FlushAsync(cancellationToken);
        terminal.Note(IPAddress.IsLoopback(listen)
            ? "Only this machine can reach it, and nothing is stored. Ctrl-C stops it."
            : "Whoever reaches this address can use it, without a password; nothing is stored. Ctrl-C stops it.");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // To be stopped is how a server ends well.
        }

        using var patience = new CancellationTokenSource(s_patience);
        await app.StopAsync(patience.Token);
        return ExitCode.Fine;
    }

    private static WebApplication Build(IPAddress listen, int port, WorkbenchServer server)
    {
        // Empty: neither a file of settings in the current folder nor the environment may open other doors, and nothing is logged.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = WorkbenchServer.LargestUpload;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(listen, port);
        });
        WebApplication app = builder.Build();
        app.Run(server.HandleAsync);
        return app;
    }

    private static async Task StartAsync(WebApplication app, ServeSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new UsageException($"--listen {settings.Listen} --port {settings.Port}: {e.Message} --port 0 takes any free port.");
        }
    }
}
