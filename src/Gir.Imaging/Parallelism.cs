namespace Gir.Imaging;

/// <summary>
/// How many threads an operation may use. Results never depend on it: work is split by rows or tiles whose results are
/// independent of one another.
/// </summary>
/// <param name="MaxDegree">Largest number of threads; 0 and 1 both mean the calling thread alone.</param>
public readonly record struct Parallelism(int MaxDegree)
{
    /// <summary>The calling thread alone; also the default value.</summary>
    public static Parallelism Sequential => new(1);

    /// <summary>One thread per processor.</summary>
    public static Parallelism AllProcessors => new(Environment.ProcessorCount);

    /// <summary>Runs a body over [0, count) in contiguous ranges; allocates nothing when sequential.</summary>
    /// <param name="count">Number of items, e.g. rows.</param>
    /// <param name="grain">Smallest range worth handing to a thread, at least 1.</param>
    /// <param name="body">The work on a range; ranges never overlap and may run in any order.</param>
    /// <param name="cancellationToken">Checked before every range.</param>
    public void For<TBody>(int count, int grain, in TBody body, CancellationToken cancellationToken = default)
        where TBody : struct, IRangeBody
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(grain, 1);
        cancellationToken.ThrowIfCancellationRequested();
        int ranges = MaxDegree <= 1 ? 1 : Math.Min((count + grain - 1) / grain, MaxDegree * 4);
        if (ranges <= 1)
        {
            if (count > 0)
                body.Invoke(0, count);
            return;
        }

        TBody copy = body;
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxDegree, CancellationToken = cancellationToken };
        Parallel.For(0, ranges, options, i =>
        {
            int start = (int)((long)count * i / ranges);
            int end = (int)((long)count * (i + 1) / ranges);
            copy.Invoke(start, end);
        });
    }
}

/// <summary>The body of a <see cref="Parallelism.For{TBody}"/>.</summary>
public interface IRangeBody
{
    /// <summary>Works on the items start..end-1.</summary>
    void Invoke(int start, int end);
}
