namespace Gir.Imaging.Tests;

public sealed class ParallelismTests
{
    [Test]
    public void Every_item_is_worked_on_once([Values(1, 2, 3)] int threads, [Values] bool mayBeStopped, [Values(0, 1, 7, 1000)] int count)
    {
        var hits = new int[count];
        using var source = new CancellationTokenSource();
        new Parallelism(threads).WithCancellation(mayBeStopped ? source.Token : default).For(count, 4, new Marks(hits, null));
        Assert.That(hits, Is.All.EqualTo(1));
    }

    [Test]
    public void A_token_stops_the_work_in_its_midst([Values(1, 2)] int threads, [Values] bool atTheCall)
    {
        var hits = new int[100_000];
        using var source = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        var parallelism = new Parallelism(threads) { CancellationToken = atTheCall ? other.Token : source.Token };

        Assert.That(() => parallelism.For(hits.Length, 4, new Marks(hits, source), atTheCall ? source.Token : default), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(hits.Sum(), Is.Positive.And.LessThan(hits.Length));
    }

    [Test]
    public void A_token_that_was_used_before_lets_nothing_begin()
    {
        var hits = new int[10];
        Parallelism stopped = Parallelism.Sequential.WithCancellation(new CancellationToken(canceled: true));
        Assert.That(() => stopped.For(hits.Length, 4, new Marks(hits, null)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(hits, Is.All.Zero);
    }

    private readonly struct Marks(int[] hits, CancellationTokenSource? stop) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            stop?.Cancel();
            for (int i = start; i < end; i++)
                hits[i]++;
        }
    }
}
