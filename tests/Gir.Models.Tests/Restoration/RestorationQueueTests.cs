using Gir.Imaging;
using Gir.Models.Restoration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gir.Models.Tests.Restoration;

public sealed class RestorationQueueTests
{
    private static readonly ImageBuffer s_image = new(1, 8, 8);

    [Test]
    public async Task A_restorer_is_awaited()
    {
        IRestorer restorer = Restorers.Create("median");
        ImageBuffer restored = await restorer.RestoreAsync(s_image);
        Assert.That(restored.HasShapeOf(s_image), Is.True);
    }

    [Test]
    public async Task So_many_run_so_many_wait_and_more_are_refused()
    {
        using var gate = new Gate();
        var queue = new RestorationQueue(maxRunning: 1, maxWaiting: 1);
        Task<ImageBuffer> first = queue.RestoreAsync(gate, s_image);
        Task<ImageBuffer> second = queue.RestoreAsync(gate, s_image);
        Assert.That(queue.Waiting, Is.EqualTo(1));
        Assert.That(async () => await queue.RestoreAsync(gate, s_image), Throws.TypeOf<RestorationQueueFullException>().With.Message.Contains("1 restorations are at work and 1 wait"));

        gate.Open();
        await first;
        await second;
        Assert.That((queue.Waiting, gate.Most), Is.EqualTo((0, 1)));
        await queue.RestoreAsync(gate, s_image);
    }

    [Test]
    public async Task Who_gives_up_waiting_leaves_his_place()
    {
        using var gate = new Gate();
        var queue = new RestorationQueue(maxRunning: 1, maxWaiting: 1);
        Task<ImageBuffer> first = queue.RestoreAsync(gate, s_image);
        using var stop = new CancellationTokenSource();
        Task<ImageBuffer> second = queue.RestoreAsync(gate, s_image, null, stop.Token);
        stop.Cancel();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(queue.Waiting, Is.Zero);
        Task<ImageBuffer> third = queue.RestoreAsync(gate, s_image);
        gate.Open();
        await Task.WhenAll(first, third);
    }

    [Test]
    public void A_failure_is_the_tasks_and_gives_the_turn_back()
    {
        var queue = new RestorationQueue(maxRunning: 1, maxWaiting: 0);
        IRestorer restorer = Restorers.Create("median");
        for (int i = 0; i < 2; i++)
            Assert.That(async () => await queue.RestoreAsync(restorer, new ImageBuffer(2, 8, 8)), Throws.ArgumentException);
    }

    [Test]
    public void A_restoration_is_timed_by_model_and_its_tiles_are_counted()
    {
        using var listening = new Listening("Gir.Models");
        Restorers.Create("median").Restore(s_image);
        Restorers.Create("gir-v1").Restore(new ImageBuffer(3, 16, 16));
        Assert.That(
            listening.Measurements.Where(m => m.Name == "gir.models.restore.duration").Select(m => m.Tags),
            Is.EqualTo(new[] { $"gir.model={Restorers.Create("median").Info.Name}", "gir.model=gir-v1" }));
        Assert.That(listening.Measurements.Single(m => m.Name == "gir.models.tiles").Value, Is.EqualTo(1));
        Assert.That(listening.Activities.Select(a => a.OperationName), Does.Contain("gir.load").And.Contain("gir.restore"));
    }

    [Test]
    public void A_container_configures_the_queue_by_its_section_and_tells_what_is_wrong_there()
    {
        static ServiceProvider Provider(string running)
        {
            var settings = new Dictionary<string, string?> { ["Gir:Models:MaxRunning"] = running };
            return new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddGirModels().BuildServiceProvider();
        }

        using ServiceProvider good = Provider("3");
        Assert.That(good.GetRequiredService<RestorationQueue>().MaxRunning, Is.EqualTo(3));
        using ServiceProvider bad = Provider("0");
        Assert.That(
            () => bad.GetRequiredService<IStartupValidator>().Validate(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Gir:Models:MaxRunning is 0; expected at least 1"));
    }

    /// <summary>A restorer that works until it is let go, and knows how many did at a time.</summary>
    private sealed class Gate : IRestorer, IDisposable
    {
        private readonly ManualResetEventSlim _open = new();
        private int _working;

        public int Most { get; private set; }

        public RestorerInfo Info { get; } = new("gate", "waits");

        public void Open() => _open.Set();

        public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default)
        {
            Most = Math.Max(Most, Interlocked.Increment(ref _working));
            _open.Wait(cancellationToken);
            Interlocked.Decrement(ref _working);
            return degraded;
        }

        public void Dispose() => _open.Dispose();
    }
}
