using System.Runtime.CompilerServices;
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
            var counts = new int[1 + (round % 9)];
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
    public void One_failing_part_among_many_is_reported_whoever_runs_it()
    {
        for (int failing = 0; failing < 12; failing++)
        {
            int bad = failing;
            Assert.That(
                () => Pool.Run(12, new FailingJob(bad)),
                Throws.TypeOf<ArithmeticException>().With.Message.EqualTo($"part {bad}"));
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
    public void An_exception_in_a_nested_job_stops_the_outer_one_and_the_pool_goes_on()
    {
        Assert.That(
            () => Pool.Run(8, new DelegateJob(_ => Pool.Run(8, new DelegateJob(i => throw new ArithmeticException("inner"))))),
            Throws.TypeOf<ArithmeticException>().With.Message.EqualTo("inner"));
        // Were the outer job still noted, these parts would all run on this thread.
        Assert.That(ThreadsOf(Pool, Pool.Size), Has.Count.EqualTo(Pool.Size));
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
    public void Concurrent_callers_get_their_own_exceptions()
    {
        var messages = new string[4];
        Thread[] threads = [.. messages.Select((_, caller) => new Thread(() =>
        {
            for (int round = 0; round < 50; round++)
            {
                try
                {
                    Pool.Run(4, new DelegateJob(i => throw new ArithmeticException($"caller {caller}")));
                }
                catch (ArithmeticException exception)
                {
                    messages[caller] = exception.Message;
                }
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.That(messages, Is.EqualTo(messages.Select((_, i) => $"caller {i}")));
    }

    [Test]
    public void Nothing_to_do_is_no_work() => Assert.That(() => Pool.Run(0, new DelegateJob(_ => throw new ArithmeticException())), Throws.Nothing);

    [Test]
    public void Threads_start_with_the_first_job_that_has_a_part_for_them()
    {
        var pool = new WorkerPool(3);
        pool.Run(1, new DelegateJob(_ => { }));
        Assert.That(pool.RunningWorkers, Is.Zero);
        pool.Run(2, new DelegateJob(_ => { }));
        Assert.That(pool.RunningWorkers, Is.EqualTo(1));
        Thread[] workers = [.. ThreadsOf(pool, 3).Where(t => t != Thread.CurrentThread)];
        Assert.That(workers, Has.Length.EqualTo(2));
        Assert.That(workers.All(t => t.IsBackground), Is.True);
        Assert.That(pool.RunningWorkers, Is.EqualTo(2));
    }

    [Test]
    [CancelAfter(60_000)]
    public void Idle_threads_end_and_start_again(CancellationToken cancellation)
    {
        var pool = new WorkerPool(3, TimeSpan.FromMilliseconds(5));
        for (int round = 0; round < 3; round++)
        {
            HashSet<Thread> threads = ThreadsOf(pool, 3);
            Assert.That(threads, Has.Count.EqualTo(3));
            foreach (Thread thread in threads.Where(t => t != Thread.CurrentThread))
            {
                while (!thread.Join(100))
                    cancellation.ThrowIfCancellationRequested();
            }

            Assert.That(pool.RunningWorkers, Is.Zero);
        }
    }

    // Workers end at the very moments at which jobs come.
    [Test]
    [CancelAfter(60_000)]
    public void No_part_is_lost_while_threads_end()
    {
        var pool = new WorkerPool(3, TimeSpan.Zero);
        for (int round = 0; round < 30; round++)
        {
            var counts = new int[7];
            pool.Run(counts.Length, new DelegateJob(i => Interlocked.Increment(ref counts[i])));
            Assert.That(counts, Is.All.EqualTo(1), $"round {round}");
            Thread.SpinWait(round * 10);
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public void A_pool_that_nobody_holds_is_collected_after_its_threads(CancellationToken cancellation)
    {
        WeakReference pool = Abandon();
        while (pool.IsAlive)
        {
            cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(1);
            GC.Collect();
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Abandon()
        {
            var pool = new WorkerPool(2, TimeSpan.FromMilliseconds(5));
            pool.Run(2, new DelegateJob(_ => { }));
            Assert.That(pool.RunningWorkers, Is.EqualTo(1));
            return new WeakReference(pool);
        }
    }

    // Each part waits for the others, so that as many threads as parts must take one.
    private static HashSet<Thread> ThreadsOf(WorkerPool pool, int parts)
    {
        var threads = new HashSet<Thread>();
        using var all = new CountdownEvent(parts);
        pool.Run(parts, new DelegateJob(_ =>
        {
            lock (threads)
                threads.Add(Thread.CurrentThread);
            all.Signal();
            all.Wait(TimeSpan.FromSeconds(30));
        }));
        return threads;
    }

    private readonly struct FailingJob(int bad) : IPoolJob
    {
        public void Run(int part)
        {
            if (part == bad)
                throw new ArithmeticException($"part {part}");
        }
    }
}
