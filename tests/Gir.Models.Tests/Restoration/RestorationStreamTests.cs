using Gir.Imaging;
using Gir.Models.Restoration;

namespace Gir.Models.Tests.Restoration;

/// <summary>Streams of images: in order, few at a time, stopped with their reader.</summary>
public sealed class RestorationStreamTests
{
    [TestCase(1)]
    [TestCase(3)]
    public async Task Results_come_in_the_order_of_the_images_and_few_are_asked_for_ahead(int running)
    {
        var source = new Source(10);
        var queue = new RestorationQueue(running, maxWaiting: 0);
        var widths = new List<int>();
        await foreach (ImageBuffer restored in queue.RestoreAsync(new Uneven(), source.Images()))
        {
            widths.Add(restored.Width);
            Assert.That(source.Given - widths.Count, Is.LessThan(running));
        }

        Assert.That(widths, Is.EqualTo(Enumerable.Range(1, 10)));
    }

    [Test]
    public async Task The_processes_own_queue_gives_what_the_restorer_gives()
    {
        IRestorer restorer = Restorers.Create("median");
        var image = new ImageBuffer(1, 8, 8);
        image[0, 4, 4] = 1;
        await foreach (ImageBuffer restored in restorer.RestoreAsync(Two()))
            Assert.That(restored.Samples.ToArray(), Is.EqualTo(restorer.Restore(image).Samples.ToArray()));

        async IAsyncEnumerable<ImageBuffer> Two()
        {
            yield return image;
            await Task.Yield();
            yield return image;
        }
    }

    [Test]
    public async Task Whoever_stops_reading_stops_the_work_and_gives_the_turns_back()
    {
        var queue = new RestorationQueue(2, maxWaiting: 0);
        await foreach (ImageBuffer restored in queue.RestoreAsync(new Endless(), new Source(5).Images()))
        {
            Assert.That(restored.Width, Is.EqualTo(1));
            break;
        }

        ImageBuffer[] after = await Task.WhenAll(queue.RestoreAsync(new Uneven(), new ImageBuffer(1, 1, 3)), queue.RestoreAsync(new Uneven(), new ImageBuffer(1, 1, 4)));
        Assert.That(after.Select(a => a.Width), Is.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public void A_token_stops_a_stream()
    {
        using var stop = new CancellationTokenSource();
        Assert.That(
            async () =>
            {
                await foreach (ImageBuffer _ in new RestorationQueue(2).RestoreAsync(new Endless(), new Source(5).Images(), stop.Token))
                    await stop.CancelAsync();
            },
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_failure_is_told_where_its_image_would_have_come()
    {
        var seen = new List<int>();
        Assert.That(
            async () =>
            {
                await foreach (ImageBuffer restored in new RestorationQueue(3).RestoreAsync(new Uneven(refused: 4), new Source(8).Images()))
                    seen.Add(restored.Width);
            },
            Throws.ArgumentException.With.Message.Contains("width 4"));
        Assert.That(seen, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    /// <summary>Images of widths 1, 2, 3, ..</summary>
    private sealed class Source(int count)
    {
        public int Given { get; private set; }

        public async IAsyncEnumerable<ImageBuffer> Images()
        {
            for (int i = 1; i <= count; i++)
            {
                await Task.Yield();
                Given = i;
                yield return new ImageBuffer(1, 1, i);
            }
        }
    }

    /// <summary>Odd images take longer than even ones.</summary>
    private sealed class Uneven(int refused = 0) : IRestorer
    {
        public RestorerInfo Info { get; } = new("uneven", "takes its time");

        public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default)
        {
            if (degraded.Width % 2 == 1)
                Thread.Sleep(10);
            return degraded.Width == refused ? throw new ArgumentException($"width {refused}") : degraded;
        }
    }

    /// <summary>The first image comes back, all others are worked on until they are stopped.</summary>
    private sealed class Endless : IRestorer
    {
        public RestorerInfo Info { get; } = new("endless", "never ends");

        public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default)
        {
            if (degraded.Width > 1)
            {
                cancellationToken.WaitHandle.WaitOne();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return degraded;
        }
    }
}
