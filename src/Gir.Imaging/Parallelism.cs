namespace Gir.Imaging;

/// <summary>
/// How many threads an operation may use. Results never depend on it: work is split by rows or tiles whose results are
/// independent of one another.
/// </summary>
/// <param name="MaxDegree">Largest number of threads; 0 and 1 both mean the calling thread alone.</param>
public readonly record struct Parallelism(int MaxDegree)
{
    // Of a single thread that may be stopped: how many times at most it asks.
    private const int Questions = 64;

    /// <summary>The calling thread alone; also the default value.</summary>
    public static Parallelism Sequential => new(1);

    /// <summary>One thread per processor.</summary>
    public static Parallelism AllProcessors => new(Environment.ProcessorCount);

    /// <summary>
    /// Stops whatever is given this, e.g. a metric or a filter, between rows, with an <see cref="OperationCanceledException"/>; by default nothing does.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The same number of threads, stopped by a token.</summary>
    /// <param name="cancellationToken">The token.</param>
    public Parallelism WithCancellation(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>Runs a body over [0, count) in contiguous ranges; allocates nothing when sequential.</summary>
    /// <param name="count">Number of items, e.g. rows.</param>
    /// <param name="grain">Smallest range worth handing to a thread, at least 1.</param>
    /// <param name="body">The work on a range; ranges never overlap and may run in any order.</param>
    /// <param name="cancellationToken">Checked before every range, as is <see cref="CancellationToken"/>.</param>
    internal void For<TBody>(int count, int grain, in TBody body, CancellationToken cancellationToken = default)
        where TBody : struct, IRangeBody
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(grain, 1);
        if (!cancellationToken.CanBeCanceled)
        {
            Run(count, grain, body, CancellationToken);
        }
        else if (!CancellationToken.CanBeCanceled || CancellationToken == cancellationToken)
        {
            Run(count, grain, body, cancellationToken);
        }
        else
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CancellationToken);
            Run(count, grain, body, either.Token);
        }
    }

    private void Run<TBody>(int count, int grain, in TBody body, CancellationToken cancellationToken)
        where TBody : struct, IRangeBody
    {
        cancellationToken.ThrowIfCancellationRequested();
        int most = MaxDegree > 1 ? MaxDegree * 4 : cancellationToken.CanBeCanceled ? Questions : 1;
        int ranges = Math.Min((int)(((long)count + grain - 1) / grain), most);
        if (ranges <= 1)
        {
            if (count > 0)
                body.Invoke(0, count);
            return;
        }

        TBody copy = body;
        if (MaxDegree <= 1)
        {
            for (int i = 0; i < ranges; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                copy.Invoke((int)((long)count * i / ranges), (int)((long)count * (i + 1) / ranges));
            }

            return;
        }

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
/// <remarks>Called from several threads at a time, each with a range of its own.</remarks>
internal interface IRangeBody
{
    /// <summary>Works on the items start..end-1.</summary>
    void Invoke(int start, int end);
}
