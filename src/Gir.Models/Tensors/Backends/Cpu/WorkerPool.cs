using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>
/// A pool for jobs of a few microseconds: workers spin between back-to-back layers and sleep when idle. The caller takes part; a job
/// started from within a job, or while another thread uses the pool, runs on its caller alone.
/// </summary>
/// <remarks>
/// Each thread begins with a run of neighboring parts, the same one in every job of as many parts, so that what it reads is often what it has just
/// written: cores need not share a cache. Who has finished helps the others.
/// Workers are background threads. They start with the first job that has a part for them and end when they were idle for a while, so
/// that nothing has to be disposed: a pool that nobody holds any more is garbage once its last worker has ended.
/// </remarks>
internal sealed class WorkerPool
{
    private static readonly long SpinTicks = Stopwatch.Frequency * 50 / 1_000_000;
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    private readonly Worker[] _workers;
    private readonly Share[] _shares;
    private readonly TimeSpan _patience;
    private readonly Lock _owner = new();
    private IPoolJob? _job;
    private Exception? _failure;
    private int _sharers;
    private int _pending;
    private int _running;

    /// <summary>Creates a pool without threads.</summary>
    /// <param name="size">Threads that work on a job, the caller included.</param>
    /// <param name="patience">How long a worker waits for a job before its thread ends; null means 10 seconds.</param>
    public WorkerPool(int size, TimeSpan? patience = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _patience = patience ?? DefaultPatience;
        _shares = new Share[size];
        _workers = new Worker[size - 1];
        for (int i = 0; i < _workers.Length; i++)
            _workers[i] = new Worker(i);
    }

    public int Size { get; }

    /// <summary>Workers whose threads have started and not ended.</summary>
    public int RunningWorkers => Volatile.Read(ref _running);

    /// <summary>Runs the job's parts 0..count-1, each once, in any order; an exception of any part is thrown here after all have stopped.</summary>
    public void Run(int count, IPoolJob job)
    {
        if (RunsAlone(count) || !_owner.TryEnter())
        {
            for (int i = 0; i < count; i++)
                job.Run(i);
            return;
        }

        try
        {
            // A nested job must not take the lock again: it is re-entrant for this thread.
            if (_job is not null)
            {
                for (int i = 0; i < count; i++)
                    job.Run(i);
                return;
            }

            RunShared(count, job);
        }
        finally
        {
            _owner.Exit();
        }
    }

    /// <summary>The same for a job that is a structure: no memory is allocated once a thread has run a job of the type.</summary>
    public void Run<TJob>(int count, in TJob job)
        where TJob : struct, IPoolJob
    {
        if (RunsAlone(count))
        {
            for (int i = 0; i < count; i++)
                job.Run(i);
            return;
        }

        JobHolder<TJob> holder = JobHolder<TJob>.Take(job);
        Run(count, (IPoolJob)holder);
        holder.Return();
    }

    private bool RunsAlone(int count) => Size == 1 || count <= 1 || ThreadLimit.Current == 1;

    private void RunShared(int count, IPoolJob job)
    {
        int helpers = Start(Math.Min(_workers.Length, Math.Min(count, ThreadLimit.Current) - 1));
        _job = job;
        _failure = null;
        _sharers = helpers + 1;
        for (int i = 0; i < _sharers; i++)
            (_shares[i].Next, _shares[i].End) = ((int)((long)count * i / _sharers), (int)((long)count * (i + 1) / _sharers));
        Volatile.Write(ref _pending, helpers);
        for (int i = 0; i < helpers; i++)
        {
            Worker worker = _workers[i];
            Interlocked.Increment(ref worker.Called);
            if (Volatile.Read(ref worker.Sleeping) != 0)
                worker.Gate.Release();
        }

        Drain(job, 0);
        var spin = default(SpinWait);
        while (Volatile.Read(ref _pending) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
        _job = null;
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    // Makes sure that the first workers have threads; returns how many do, fewer than wanted where the system gives no more.
    private int Start(int wanted)
    {
        for (int i = 0; i < wanted; i++)
        {
            if (!_workers[i].IsRunning && !TryStart(_workers[i]))
                return i;
        }

        return wanted;
    }

    private bool TryStart(Worker worker)
    {
        int called = worker.Called;
        var thread = new Thread(() => Loop(worker, called)) { IsBackground = true, Name = "gir-tensors-" + worker.Number };
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException)
        {
            return false;
        }

        worker.IsRunning = true;
        Interlocked.Increment(ref _running);
        return true;
    }

    private void Drain(IPoolJob job, int own)
    {
        try
        {
            for (int i = 0; i < _sharers; i++)
            {
                ref Share share = ref _shares[(own + i) % _sharers];
                int part;
                while ((part = Interlocked.Increment(ref share.Next) - 1) < share.End)
                    job.Run(part);
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            // Nobody starts another part.
            for (int i = 0; i < _sharers; i++)
                Interlocked.Exchange(ref _shares[i].Next, _shares[i].End);
        }
    }

    private void Loop(Worker worker, int answered)
    {
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref worker.Called) == answered)
            {
                if (Stopwatch.GetTimestamp() - start < SpinTicks)
                {
                    Thread.SpinWait(10);
                    continue;
                }

                Interlocked.Exchange(ref worker.Sleeping, 1);
                // A stale permit costs one more turn of this loop and nothing else.
                bool isCalled = Volatile.Read(ref worker.Called) != answered || worker.Gate.Wait(_patience);
                Interlocked.Exchange(ref worker.Sleeping, 0);
                if (!isCalled && TryEnd(worker, answered))
                    return;
                start = Stopwatch.GetTimestamp();
            }

            answered = unchecked(answered + 1);
            Drain(_job!, worker.Number + 1);
            Interlocked.Decrement(ref _pending);
        }
    }

    // Under the owner's lock: a caller that counts on this worker has either called it already, or finds that it has ended.
    private bool TryEnd(Worker worker, int answered)
    {
        if (!_owner.TryEnter())
            return false;
        try
        {
            if (Volatile.Read(ref worker.Called) != answered)
                return false;
            worker.IsRunning = false;
            Interlocked.Decrement(ref _running);
            return true;
        }
        finally
        {
            _owner.Exit();
        }
    }

    /// <summary>Parts that wait for one thread, on cache lines of their own: counting on does not disturb the others.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Share
    {
        [FieldOffset(0)]
        public int Next;

        [FieldOffset(4)]
        public int End;
    }

    // A gate for each: at a common one, a quick worker that goes back to sleep takes the permit of a slow one, and its part is waited for in vain.
    private sealed class Worker(int number)
    {
        public int Called;
        public int Sleeping;

        public int Number { get; } = number;

        /// <summary>Whether a thread answers calls; read and written under the owner's lock.</summary>
        public bool IsRunning { get; set; }

        public SemaphoreSlim Gate { get; } = new(0);
    }
}

/// <summary>A job in independent parts.</summary>
internal interface IPoolJob
{
    /// <summary>Does one part; parts never write the same memory.</summary>
    void Run(int part);
}

/// <summary>A structure as a job; each thread keeps one holder of each type for reuse.</summary>
internal sealed class JobHolder<TJob> : IPoolJob
    where TJob : struct, IPoolJob
{
    [ThreadStatic]
    private static JobHolder<TJob>? s_spare;

    private TJob _job;

    private JobHolder()
    {
    }

    public static JobHolder<TJob> Take(in TJob job)
    {
        JobHolder<TJob> holder = s_spare ?? new JobHolder<TJob>();
        s_spare = null;
        holder._job = job;
        return holder;
    }

    public void Return()
    {
        _job = default;
        s_spare = this;
    }

    public void Run(int part) => _job.Run(part);
}

/// <summary>A job from a delegate.</summary>
internal sealed class DelegateJob(Action<int> body) : IPoolJob
{
    public void Run(int part) => body(part);
}
