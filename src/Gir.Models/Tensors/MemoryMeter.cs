namespace Gir.Models.Tensors;

/// <summary>
/// Measures the memory that tensors made on this thread occupy at a time: what other threads do meanwhile does not change the result, so that
/// decisions made of it are the same in every run.
/// </summary>
/// <remarks>Meters do not nest. Engines report what they hand out and take back; one that does not measures as 0.</remarks>
internal readonly ref struct MemoryMeter
{
    [ThreadStatic]
    private static Counter? s_counter;

    private readonly Counter _counter;

    private MemoryMeter(Counter counter) => s_counter = _counter = counter;

    /// <summary>The largest number of bytes at a time since the start.</summary>
    public long PeakBytes => _counter.Peak;

    /// <summary>Begins a measurement.</summary>
    public static MemoryMeter Start() => new(new Counter());

    /// <summary>Tells of memory that was handed out (positive) or taken back (negative) on this thread.</summary>
    public static void Report(long bytes)
    {
        if (s_counter is not { } counter)
            return;
        counter.InUse += bytes;
        counter.Peak = Math.Max(counter.Peak, counter.InUse);
    }

    /// <summary>Until disposed, nothing is measured on this thread: what stands for weights belongs to no image.</summary>
    public static PauseScope Pause()
    {
        var pause = new PauseScope(s_counter);
        s_counter = null;
        return pause;
    }

    /// <summary>Ends the measurement.</summary>
    public void Dispose() => s_counter = null;

    /// <summary>A pause.</summary>
    internal readonly ref struct PauseScope
    {
        private readonly Counter? _counter;

        internal PauseScope(object? counter) => _counter = (Counter?)counter;

        /// <summary>Ends it.</summary>
        public void Dispose() => s_counter = _counter;
    }

    private sealed class Counter
    {
        public long InUse { get; set; }

        public long Peak { get; set; }
    }
}
