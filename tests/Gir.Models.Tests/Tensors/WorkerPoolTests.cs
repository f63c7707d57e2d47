using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

public sealed class WorkerPoolTests
{
    private static readonly WorkerPool Pool = new(4);

    // Pauses let workers fall asleep at different moments: a worker must never take the wake-up of another.
    [Test]
    [CancelAfter(60_000)]
    public void Every_part_runs_once_whether_workers_spin_or_sleep()
    {
        for (int round = 0; round < 2000; round++)
        {
            var counts = new int[9];
            Pool.Run(counts.Length, new DelegateJob(i => Interlocked.Increment(ref counts[i])));
            Assert.That(counts, Is.All.EqualTo(1), $"round {round}");
            if (round % 20 == 0)
                Thread.Sleep(round % 3);
        }
    }

    [Test]
    public void An_exception_of_any_part_reaches_the_caller_and_the_pool_goes_on()
    {
        for (int round = 0; round < 20; round++)
        {
            Assert.That(
                () => Pool.Run(50, new DelegateJob(i => throw new ArithmeticException($"part {i}"))),
                Throws.TypeOf<ArithmeticException>().With.Message.StartsWith("part"));
            int sum = 0;
            Pool.Run(10, new DelegateJob(i => Interlocked.Add(ref sum, i)));
            Assert.That(sum, Is.EqualTo(45));
        }
    }

    [Test]
    public void A_job_within_a_job_runs_to_its_end()
    {
        int sum = 0;
        Pool.Run(8, new DelegateJob(_ => Pool.Run(8, new DelegateJob(i => Interlocked.Add(ref sum, i)))));
        Assert.That(sum, Is.EqualTo(8 * 28));
    }

    [Test]
    public void Many_threads_share_one_pool()
    {
        int sum = 0;
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < 100; round++)
                Pool.Run(5, new DelegateJob(i => Interlocked.Add(ref sum, i)));
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.That(sum, Is.EqualTo(6 * 100 * 10));
    }

    [Test]
    public void Nothing_to_do_is_no_work() => Assert.That(() => Pool.Run(0, new DelegateJob(_ => throw new ArithmeticException())), Throws.Nothing);
}
