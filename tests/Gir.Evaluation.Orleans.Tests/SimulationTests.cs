using System.Diagnostics;
using System.Globalization;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Orleans.Messages;
using Gir.Imaging;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Orleans.Tests;

/// <summary>The coordinator, its messages and its file are real; the silos pretend.</summary>
[NonParallelizable]
public sealed class SimulationTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Fifty_silos_make_everything_once_though_ten_of_them_die()
    {
        using var desks = new SimulatedDesks(silos: 50, cores: 2, TimeSpan.FromMilliseconds(20));
        var options = new ClusterExecutorOptions
        {
            OrderTime = TimeSpan.FromMilliseconds(100),
            TurnTime = TimeSpan.FromMilliseconds(100),
            Refresh = TimeSpan.FromMilliseconds(100),
            Silence = TimeSpan.FromSeconds(1),
        };
        var benchmark = new Benchmark(new BenchmarkOptions { Executor = new ClusterExecutor(desks, options), ResultsPath = _folder["results.jsonl"] });
        var progress = new Counter(done =>
        {
            if (done == 1000)
                desks.Kill(10);
        });

        await benchmark.RunAsync(Restorers(), Tasks(20), Images(30, 8, 8), progress: progress);

        Assert.That(progress.Done, Is.EqualTo(30 * 20 * 11));
        Assert.That(File.ReadLines(_folder["results.jsonl"]).Count(), Is.EqualTo(1 + (30 * 20 * 11)));
    }

    /// <summary>The numbers of docs/scale-out.md: silos, time of a result in ms, time of an order in ms.</summary>
    [Explicit("Measures; docs/scale-out.md has its outcome.")]
    [TestCase(10, 50, 1000)]
    [TestCase(100, 50, 1000)]
    [TestCase(300, 50, 1000)]
    [TestCase(1000, 200, 1000)]
    [TestCase(1000, 200, 4000)]
    [TestCase(1000, 50, 1000)]
    [TestCase(1000, 50, 4000)]
    public async Task How_fast_is_a_coordinator(int silos, int resultMilliseconds, int orderMilliseconds)
    {
        const int Cores = 2;
        TimeSpan warmUp = TimeSpan.FromSeconds(8);
        TimeSpan window = TimeSpan.FromSeconds(10);
        using var desks = new SimulatedDesks(silos, Cores, TimeSpan.FromMilliseconds(resultMilliseconds));
        TimeSpan order = TimeSpan.FromMilliseconds(orderMilliseconds);
        var options = new ClusterExecutorOptions { OrderTime = order, TurnTime = order, Silence = TimeSpan.FromSeconds(60) };
        var benchmark = new Benchmark(new BenchmarkOptions { Executor = new ClusterExecutor(desks, options), ResultsPath = _folder["results.jsonl"] });
        var progress = new Counter(_ => { });
        using var stop = new CancellationTokenSource();
        Task run = Task.Run(() => benchmark.RunAsync(Restorers(), TaskSet.Parse("representative"), Images(2000, 16, 16), progress: progress, cancellationToken: stop.Token));
        await Task.Delay(warmUp);
        (long done, long messages, long bytes, TimeSpan cpu, long start) = (progress.Done, desks.Messages, desks.Bytes, Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(window);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double rate = (progress.Done - done) / seconds;
        double sent = desks.Messages - messages;
        double processors = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / seconds;
        string line = string.Create(CultureInfo.InvariantCulture, $"| {silos} | {resultMilliseconds / 1000.0} | {orderMilliseconds / 1000.0} | {silos * Cores * 1000.0 / resultMilliseconds:0} | {rate:0} | {100 * rate * resultMilliseconds / 1000 / silos / Cores:0} % | {sent / seconds:0} | {(desks.Bytes - bytes) / sent:0} | {processors:0.00} |");
        await stop.CancelAsync();
        await run.ContinueWith(_ => { }, TaskScheduler.Default);
        TestContext.Progress.WriteLine(line);
        Assert.That(rate, Is.Positive);
    }

    private static IRestorer[] Restorers() =>
        [.. Enumerable.Range(1, 10).Select(i => Gir.Models.Restoration.Restorers.Create(string.Create(CultureInfo.InvariantCulture, $"gaussian(sigma={i})")))];

    private static DegradationTask[] Tasks(int count) => [.. TaskSet.Parse("representative").Take(count)];

    private static BenchmarkImage[] Images(int count, int height, int width) =>
        [.. Enumerable.Range(0, count).Select(i => BenchmarkImage.FromBuffer($"image {i}", new ImageBuffer(3, height, width, [.. Enumerable.Repeat(i % 256 / 255f, 3 * height * width)]), new ImageBuffer(1, height, width)))];

    private sealed class Counter(Action<int> then) : IProgress<BenchmarkProgress>
    {
        private int _done;

        public int Done => Volatile.Read(ref _done);

        public void Report(BenchmarkProgress value)
        {
            if (value.Restorer is null)
                return;
            then(Interlocked.Increment(ref _done));
        }
    }
}
