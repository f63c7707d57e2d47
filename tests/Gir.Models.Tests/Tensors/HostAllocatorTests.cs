using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>The allocator under several threads, and what it keeps.</summary>
public sealed unsafe class HostAllocatorTests
{
    private const int Threads = 4;

    // A heap that returns memory from its end alone keeps all of it below a block in use.
    [Test]
    [NonParallelizable]
    [Platform("Linux")]
    public void Trimming_returns_memory_to_the_system_between_blocks_in_use()
    {
        const int Large = 2 << 20; // 8 MiB
        const long Bytes = 40L * Large * sizeof(float);
        var allocator = new HostAllocator();
        HostStorage Filled(int length)
        {
            HostStorage block = allocator.Allocate(length);
            block.Span.Fill(1);
            return block;
        }

        // Once a larger one was freed, blocks of this size come from the heap.
        Filled(3 * Large).Release();
        allocator.Trim();
        (HostStorage Large, HostStorage Small)[] blocks = [.. Enumerable.Range(0, 40).Select(_ => (Filled(Large), Filled(10_000)))];
        long before = Resident();
        foreach ((HostStorage large, _) in blocks)
            large.Release();
        allocator.Trim();
        long returned = before - Resident();
        TestContext.Out.WriteLine($"{returned >> 20} of {Bytes >> 20} MiB");
        Assert.That(returned, Is.GreaterThan(Bytes / 2));
        GC.KeepAlive(blocks);

        static long Resident() => File.ReadLines("/proc/self/status").Where(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(l => long.Parse(l.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10).Single();
    }

    // A block handed out twice carries the mark of the wrong holder.
    [TestCase(0L)]
    [TestCase(4_000L)]
    [TestCase(1L << 20)]
    public void No_block_is_handed_out_twice(long cacheLimit)
    {
        var allocator = new HostAllocator(cacheLimit);
        var largest = new long[Threads];
        var errors = new int[Threads];
        InThreads(thread =>
        {
            var random = new PhiloxRandom((ulong)thread);
            var held = new List<(HostStorage Block, float Mark)>();
            for (int round = 0; round < 400; round++)
            {
                float mark = (thread * 1000) + round;
                HostStorage block = allocator.Allocate(random.NextInteger(0, 600));
                block.Span.Fill(mark);
                held.Add((block, mark));
                largest[thread] = Math.Max(largest[thread], held.Sum(h => Bytes(h.Block.Length)));
                if (held.Count < 5)
                    continue;
                (HostStorage first, float expected) = held[random.NextInteger(0, 4)];
                held.RemoveAll(h => ReferenceEquals(h.Block, first));
                errors[thread] += first.Span.ContainsAnyExcept(expected) ? 1 : 0;
                first.Release();
            }

            foreach ((HostStorage block, float expected) in held)
            {
                errors[thread] += block.Span.ContainsAnyExcept(expected) ? 1 : 0;
                block.Release();
            }
        });
        Assert.Multiple(() =>
        {
            Assert.That(errors, Is.All.Zero);
            Assert.That(allocator.BytesInUse, Is.Zero);
            Assert.That(allocator.PeakBytesInUse, Is.InRange(largest.Max(), largest.Sum()));
            Assert.That(allocator.BytesCached, Is.LessThanOrEqualTo(cacheLimit));
        });
    }

    [Test]
    public void The_peak_counts_what_all_threads_hold_at_once()
    {
        var allocator = new HostAllocator();
        using var barrier = new Barrier(Threads);
        var seen = new (long InUse, long Peak)[Threads];
        InThreads(thread =>
        {
            HostStorage[] blocks = [.. Enumerable.Range(1, 3).Select(i => allocator.Allocate(1000 * i * (thread + 1)))];
            barrier.SignalAndWait();
            seen[thread] = (allocator.BytesInUse, allocator.PeakBytesInUse);
            barrier.SignalAndWait();
            foreach (HostStorage block in blocks)
                block.Release();
        });
        long expected = Enumerable.Range(0, Threads).Sum(thread => Enumerable.Range(1, 3).Sum(i => Bytes(1000 * i * (thread + 1))));
        Assert.That(seen, Is.All.EqualTo((expected, expected)));
        Assert.That((allocator.BytesInUse, allocator.PeakBytesInUse), Is.EqualTo((0L, expected)));
        allocator.ResetPeak();
        Assert.That(allocator.PeakBytesInUse, Is.Zero);
    }

    [Test]
    public void A_block_released_by_many_threads_returns_once()
    {
        for (int round = 0; round < 50; round++)
        {
            var allocator = new HostAllocator();
            HostStorage other = allocator.Allocate(100);
            HostStorage block = allocator.Allocate(100);
            InThreads(_ => block.Release());
            Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((Bytes(100), Bytes(100))));
            GC.KeepAlive(other);
        }
    }

    [Test]
    public void The_cache_keeps_as_many_blocks_as_its_limit_allows()
    {
        long each = Bytes(1000);
        var allocator = new HostAllocator((3 * each) + 1);
        HostStorage[] blocks = [.. Enumerable.Range(0, 5).Select(_ => allocator.Allocate(1000))];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i].Release();
            Assert.That(allocator.BytesCached, Is.EqualTo(Math.Min(i + 1, 3) * each));
        }

        // What is cached is taken first.
        HostStorage again = allocator.Allocate(1000);
        Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((each, 2 * each)));
        allocator.Trim();
        Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((each, 0L)));
        again.Span.Fill(1);
        again.Release();
        Assert.That(allocator.BytesCached, Is.EqualTo(each), "Trim does not change the limit");
    }

    [Test]
    public void The_limit_is_an_option_of_the_engine()
    {
        var engine = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1, MemoryCacheLimit = 0 });
        engine.Allocate(1000).Release();
        Assert.That(engine.Memory.BytesCached, Is.Zero);
        Assert.That(() => new CpuBackend(new CpuBackendOptions { MemoryCacheLimit = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(new CpuBackendOptions().MemoryCacheLimit, Is.EqualTo(1L << 30));
    }

    // Kernels load whole vectors: they want lines of 64 bytes and may read one beyond the last element.
    [Test]
    public void Blocks_are_aligned_and_at_most_a_quarter_larger_than_asked()
    {
        var allocator = new HostAllocator(0);
        foreach (int length in (int[])[0, 1, 15, 16, 17, 100, 1000, 1 << 14, (1 << 14) + 1, 123_457, 1 << 20])
        {
            HostStorage block = allocator.Allocate(length);
            long asked = ((long)length * sizeof(float)) + 64;
            Assert.That((long)block.Pointer % 64, Is.Zero, $"{length}");
            Assert.That(block.Span.Length, Is.EqualTo(length));
            Assert.That(allocator.BytesInUse, Is.GreaterThanOrEqualTo(asked).And.LessThanOrEqualTo(Math.Max(256, asked * 5 / 4)), $"{length}");
            block.Release();
        }

        Assert.That(() => allocator.Allocate(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new HostAllocator(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Waiting_blocks_of_up_to_twice_the_size_are_taken_before_new_memory()
    {
        const int MiB = 1 << 18;
        var allocator = new HostAllocator();
        allocator.Allocate(8 * MiB).Release();
        long waiting = allocator.BytesCached;
        HostStorage half = allocator.Allocate(4 * MiB);
        half.Span.Fill(1);
        Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((Bytes(4 * MiB), waiting - Bytes(4 * MiB))), "the rest of the block counts as cached");
        allocator.Trim();
        Assert.That(allocator.BytesCached, Is.EqualTo(waiting - Bytes(4 * MiB)), "and cannot be given back apart");
        HostStorage another = allocator.Allocate(4 * MiB);
        Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((2 * Bytes(4 * MiB), waiting - Bytes(4 * MiB))));
        another.Release();
        half.Release();
        Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((0L, waiting + Bytes(4 * MiB))), "each returns to its own class");

        // The nearest size first; a much larger block stays for its own.
        HostStorage third = allocator.Allocate(3 * MiB);
        HostStorage quarter = allocator.Allocate(2 * MiB);
        Assert.That(allocator.BytesInUse + allocator.BytesCached, Is.EqualTo(waiting + Bytes(4 * MiB) + Bytes(2 * MiB)), "8 MiB are too many for 2");
        third.Release();
        quarter.Release();

        allocator.Trim();
        allocator.Allocate(2000).Release();
        HostStorage small = allocator.Allocate(1000);
        Assert.That(allocator.BytesInUse + allocator.BytesCached, Is.EqualTo(Bytes(1000) + Bytes(2000)), "small blocks keep to their class");
        small.Release();
    }

    [Test]
    public void New_memory_takes_the_place_of_waiting_blocks_that_are_too_small()
    {
        const int MiB = 1 << 18;
        var allocator = new HostAllocator();
        HostStorage[] blocks = [allocator.Allocate(MiB), allocator.Allocate(2 * MiB), allocator.Allocate(3 * MiB), allocator.Allocate(1000)];
        foreach (HostStorage block in blocks)
            block.Release();
        HostStorage large = allocator.Allocate(4 * MiB);
        Assert.That(allocator.BytesCached, Is.EqualTo(Bytes(MiB) + Bytes(1000)), "the largest first, and no more than are needed");
        large.Release();
        Assert.That(allocator.BytesInUse, Is.Zero);
    }

    [Test]
    public void What_is_left_over_in_a_block_counts_against_the_limit()
    {
        const int MiB = 1 << 18;
        var allocator = new HostAllocator(Bytes(8 * MiB));
        allocator.Allocate(8 * MiB).Release();
        HostStorage half = allocator.Allocate(4 * MiB), other = allocator.Allocate(4 * MiB);
        other.Release();
        Assert.That(allocator.BytesCached, Is.EqualTo(Bytes(8 * MiB)), "half of the first block, and the other");
        half.Release();
        Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((0L, Bytes(4 * MiB))), "both together are too many");
    }

    private static long Bytes(int length)
    {
        var allocator = new HostAllocator(0);
        HostStorage block = allocator.Allocate(length);
        long bytes = allocator.BytesInUse;
        block.Release();
        return bytes;
    }

    private static void InThreads(Action<int> body)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                body(i);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.That(failure, Is.Null);
    }
}
