using System.Net;
using System.Net.Sockets;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Execution;
using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Gir.Evaluation.Orleans.Tests;

/// <summary>One silo in this process, and a benchmark on it.</summary>
public sealed class ClusterExecutorTests
{
    private static readonly string[] s_names = ["identity", "median(size=3)", "gaussian(sigma=1)"];

    // Longer than a busy machine takes to start; a test waits for it only where it fails.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private TemporaryFolder _folder = null!;
    private ClusterAddress _address = null!;
    private IHost _host = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _address = ClusterAddress.Parse($"localhost:{FreePort()}");
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddGirEvaluation(o => o.ResultsPath = _folder["container.jsonl"]);
        builder.Services.AddGirCluster(_address, o =>
        {
            o.Cores = 2;
            o.Restorers = [.. s_names, "unsharp"];
            o.Execution = new ClusterExecutorOptions { Patience = s_patience };
        });
        _host = builder.Build();
        await _host.StartAsync();
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        await _host.StopAsync();
        _host.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Results_and_report_are_those_of_one_machine_byte_for_byte_and_a_second_run_makes_nothing()
    {
        BenchmarkImage[] images = [.. Images(), WithDepth("deep", 4)];
        var options = new BenchmarkOptions { Seed = 5, DepthEstimator = new HeuristicDepthEstimator(), ResultsPath = _folder["local.jsonl"] };
        string report = (await new Benchmark(options).RunAsync(All(), TaskSet.Parse("single"), images)).ToJson();
        await using IBenchmarkClusterConnection cluster = await new OrleansCluster().ConnectAsync(_address.ToString(), _ => { }, default);
        BenchmarkOptions there = options with { ResultsPath = _folder["cluster.jsonl"], Executor = cluster };

        string clusters = (await new Benchmark(there).RunAsync(All(), TaskSet.Parse("single"), images)).ToJson();

        Assert.That(clusters, Is.EqualTo(report));
        Assert.That(File.ReadAllBytes(_folder["cluster.jsonl"]), Is.EqualTo(File.ReadAllBytes(_folder["local.jsonl"])));
        var made = new List<BenchmarkProgress>();
        await new Benchmark(there).RunAsync(All(), TaskSet.Parse("single"), images, progress: new Listener(made));
        Assert.That(made, Has.Count.EqualTo(1), "nothing was left to do");
    }

    [Test]
    public async Task A_containers_benchmark_runs_on_the_cluster()
    {
        Benchmark benchmark = _host.Services.GetRequiredService<Benchmark>();
        Assert.That(_host.Services.GetRequiredService<IBenchmarkExecutor>(), Is.TypeOf<ClusterExecutor>());

        await benchmark.RunAsync(All(), TaskSet.Parse("1-3"), Images());

        await new Benchmark(new BenchmarkOptions { DepthEstimator = new HeuristicDepthEstimator(), ResultsPath = _folder["expected.jsonl"] }).RunAsync(All(), TaskSet.Parse("1-3"), Images());
        Assert.That(File.ReadAllBytes(_folder["container.jsonl"]), Is.EqualTo(File.ReadAllBytes(_folder["expected.jsonl"])));
    }

    [Test]
    public async Task An_image_that_cannot_be_loaded_is_left_out_or_ends_the_run()
    {
        BenchmarkImage[] images = [.. Images(), new BenchmarkImage("broken", "0", () => throw new IOException("The disk is on fire."))];
        var leftOut = new List<string>();
        BenchmarkOptions options = new() { Executor = Executor() };

        var report = await new Benchmark(options with { LeaveOut = (image, e) => leftOut.Add($"{image.Name}: {e.Message}") }).RunAsync(All(), TaskSet.Parse("1-2"), images);

        Assert.That(leftOut, Is.EqualTo(new[] { "broken: The disk is on fire." }));
        Assert.That(report.ToJson(), Does.Contain("scene 2").And.Not.Contain("broken"));
        Assert.That(async () => await new Benchmark(options).RunAsync(All(), TaskSet.Parse("1-2"), images), Throws.TypeOf<IOException>());
    }

    [Test]
    public async Task An_image_that_cannot_be_restored_ends_the_run_with_the_message_of_one_machine()
    {
        BenchmarkImage[] images = [BenchmarkImage.FromBuffer("nan", new ImageBuffer(3, 32, 32, [.. Enumerable.Repeat(float.NaN, 3 * 32 * 32)]))];
        string local = await Failure(new BenchmarkOptions());

        string there = await Failure(new BenchmarkOptions { Executor = Executor() });

        Assert.That(there, Is.EqualTo(local).And.Not.EqualTo("none"));

        async Task<string> Failure(BenchmarkOptions options)
        {
            try
            {
                await new Benchmark(options).RunAsync(All(), TaskSet.Parse("1"), images);
                return "none";
            }
            catch (EvaluationException e)
            {
                return e.Message;
            }
        }
    }

    [Test]
    public void A_restorer_that_no_silo_has_is_named_once_patience_ends()
    {
        IRestorer[] restorers = [Restorers.Create("identity"), Restorers.Create("median(size=5)")];
        var options = new BenchmarkOptions { Executor = Executor(TimeSpan.FromSeconds(5)) };
        Assert.That(
            async () => await new Benchmark(options).RunAsync(restorers, TaskSet.Parse("1"), Images()),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("no silo has the restorer 'median(size=5)'"));
    }

    [Test]
    public void A_benchmark_that_is_stopped_stops()
    {
        using var stop = new CancellationTokenSource();
        var listener = new Listener([], () => stop.Cancel());
        Assert.That(
            async () => await new Benchmark(new BenchmarkOptions { Executor = Executor() }).RunAsync(All(), TaskSet.Parse("single"), Images(), progress: listener, cancellationToken: stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void What_cannot_be_reached_or_is_no_address_is_told()
    {
        Assert.That(async () => await new OrleansCluster().ConnectAsync("nowhere", _ => { }, default), Throws.ArgumentException.With.Message.Contains(ClusterAddress.Expected));
        Assert.That(
            async () => await new OrleansCluster().ServeAsync("redis:127.0.0.1:1", [], 1, _ => { }, default),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("redis:127.0.0.1:1/gir cannot be reached"));
        Assert.That(() => new ClusterExecutorOptions { Silence = TimeSpan.FromSeconds(1) }.Validate(), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private ClusterExecutor Executor(TimeSpan? patience = null) => new(_host.Services.GetRequiredService<IGrainFactory>(), new ClusterExecutorOptions { Patience = patience ?? s_patience });

    private static IRestorer[] All() => [.. s_names.Select(n => Restorers.Create(n))];

    private static BenchmarkImage[] Images() => [.. Enumerable.Range(1, 2).Select(i => BenchmarkImage.FromBuffer($"scene {i}", SceneGenerator.Create((ulong)i, 40, 48).Image))];

    private static BenchmarkImage WithDepth(string name, ulong seed)
    {
        Scene scene = SceneGenerator.Create(seed, 40, 48);
        return BenchmarkImage.FromBuffer(name, scene.Image, scene.Depth);
    }

    private sealed class Listener(List<BenchmarkProgress> all, Action? then = null) : IProgress<BenchmarkProgress>
    {
        public void Report(BenchmarkProgress value)
        {
            lock (all)
                all.Add(value);
            if (value.Restorer is not null)
                then?.Invoke();
        }
    }
}
