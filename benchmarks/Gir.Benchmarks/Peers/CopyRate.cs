using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gir.Benchmarks.Peers;

/// <summary>What the memory can do at this moment: threads that copy blocks too large for the caches.</summary>
internal sealed unsafe class CopyRate : IDisposable
{
    private const int BytesPerThread = 48 << 20;

    private readonly byte* _from;
    private readonly byte* _to;

    /// <summary>Takes memory and touches it once.</summary>
    public CopyRate(int threads)
    {
        _from = (byte*)NativeMemory.AllocZeroed((nuint)threads, BytesPerThread);
        _to = (byte*)NativeMemory.AllocZeroed((nuint)threads, BytesPerThread);
        Measure(threads);
    }

    /// <summary>Bytes copied per second by so many threads at the same time.</summary>
    public double Measure(int threads)
    {
        long start = Stopwatch.GetTimestamp();
        Thread[] helpers = [.. Enumerable.Range(1, threads - 1).Select(i => new Thread(() => Copy(i)))];
        foreach (Thread helper in helpers)
            helper.Start();
        Copy(0);
        foreach (Thread helper in helpers)
            helper.Join();
        return (double)threads * BytesPerThread / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_from);
        NativeMemory.Free(_to);
    }

    private void Copy(int part)
    {
        long offset = (long)part * BytesPerThread;
        new ReadOnlySpan<byte>(_from + offset, BytesPerThread).CopyTo(new Span<byte>(_to + offset, BytesPerThread));
    }
}
