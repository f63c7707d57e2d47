namespace Gir.Models.Tensors;

/// <summary>
/// Counts the multiply-adds of convolutions, matrix products and attention, as papers give them; what is done sample by sample (activations, normalization, additions) is
/// not counted, as it is not there. What is saved by an algorithm such as Winograd's counts as if it were not.
/// </summary>
/// <remarks>Of the whole process, since a network's parts run on several threads: one meter at a time, and nothing else beside it.</remarks>
internal sealed class MultiplyAddMeter : IDisposable
{
    private static MultiplyAddMeter? s_running;
    private long _total;

    private MultiplyAddMeter()
    {
    }

    /// <summary>What was counted so far.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Begins to count.</summary>
    /// <exception cref="InvalidOperationException">Another meter is running.</exception>
    public static MultiplyAddMeter Start()
    {
        var meter = new MultiplyAddMeter();
        return Interlocked.CompareExchange(ref s_running, meter, null) is null ? meter : throw new InvalidOperationException("Operations are being counted already.");
    }

    /// <summary>Adds to the meter that runs, if one does.</summary>
    public static void Count(long multiplyAdds)
    {
        if (Volatile.Read(ref s_running) is { } meter)
            Interlocked.Add(ref meter._total, multiplyAdds);
    }

    /// <summary>Ends counting.</summary>
    public void Dispose() => Interlocked.CompareExchange(ref s_running, null, this);
}
