using System.Collections.Concurrent;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

public sealed class ThreadLimitTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(9)]
    public void No_more_threads_work_than_allowed(int limit)
    {
        var pool = new WorkerPool(4);
        var threads = new ConcurrentDictionary<int, int>();
        using ThreadLimit region = ThreadLimit.Enter(limit);
        pool.Run(40, new DelegateJob(_ =>
        {
            threads[Environment.CurrentManagedThreadId] = 1;
            Thread.Sleep(1);
        }));
        Assert.That(threads, Has.Count.LessThanOrEqualTo(limit));
        Assert.That(pool.RunningWorkers, Is.EqualTo(Math.Min(limit, 4) - 1));
    }

    [Test]
    public void The_smallest_of_nested_limits_holds_and_ends_with_its_region()
    {
        Assert.That(ThreadLimit.Current, Is.EqualTo(int.MaxValue));
        using (ThreadLimit.Enter(3))
        {
            using (ThreadLimit.Enter(5))
                Assert.That(ThreadLimit.Current, Is.EqualTo(3));
            using (ThreadLimit.Enter(2))
            using (ThreadLimit.Enter(null))
                Assert.That(ThreadLimit.Current, Is.EqualTo(2));
            Assert.That(ThreadLimit.Current, Is.EqualTo(3));
        }

        Assert.That(ThreadLimit.Current, Is.EqualTo(int.MaxValue));
        Assert.That(() => ThreadLimit.Enter(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
