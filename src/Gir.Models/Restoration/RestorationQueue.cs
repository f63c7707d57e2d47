using System.Runtime.CompilerServices;
using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>
/// Makes restorations awaitable: they run on the thread pool, so many at a time, while so many more wait, in the order in which they came; beyond that they are refused at once, so that
/// a service under load answers "later" instead of filling its memory with images.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A restorer is computation: it never waits, and holds a thread for as long as it works. That is why there is one queue for all restorers, and no
/// asynchronous twin of each.
/// </remarks>
public sealed class RestorationQueue
{
    internal const int DefaultMaxWaiting = 256;

    private readonly SemaphoreSlim _turns;
    private int _waiting;

    /// <summary>Creates a queue.</summary>
    /// <param name="maxRunning">How many restorations are worked on at a time, at least 1.</param>
    /// <param name="maxWaiting">How many more may wait, at least 0.</param>
    public RestorationQueue(int maxRunning, int maxWaiting = DefaultMaxWaiting)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRunning, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maxWaiting);
        (MaxRunning, MaxWaiting) = (maxRunning, maxWaiting);
        _turns = new SemaphoreSlim(maxRunning);
    }

    /// <summary>The process's own: one restoration per processor, 256 waiting.</summary>
    public static RestorationQueue Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>How many restorations are worked on at a time.</summary>
    public int MaxRunning { get; }

    /// <summary>How many more may wait.</summary>
    public int MaxWaiting { get; }

    /// <summary>How many wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Restores an image when its turn comes.</summary>
    /// <param name="restorer">The restorer.</param>
    /// <param name="degraded">Samples in [0, 1]; 1 (gray) or 3 (RGB) channels. Not to be changed until the task is done.</param>
    /// <param name="progress">Is told after every part of the work, from a thread of the pool; may be null.</param>
    /// <param name="cancellationToken">Ends the waiting, or stops the work between iterations, or between the layers of a network.</param>
    /// <returns>What <see cref="IRestorer.Restore(ImageBuffer, CancellationToken)"/> returns; its exceptions are the task's.</returns>
    /// <exception cref="RestorationQueueFullException">As many wait as may (thrown by the task).</exception>
    public async Task<ImageBuffer> RestoreAsync(
        IRestorer restorer, ImageBuffer degraded, IProgress<RestorationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(restorer);
        ArgumentNullException.ThrowIfNull(degraded);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_turns.Wait(0, CancellationToken.None))
            await WaitAsync(cancellationToken).ConfigureAwait(false);
        ModelsTelemetry.Running.Add(1);
        try
        {
            return await Task.Run(() => restorer.Restore(degraded, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ModelsTelemetry.Running.Add(-1);
            _turns.Release();
        }
    }

    /// <summary>Restores a stream of images, e.g. the frames of a film, as they come: so many at a time as may run, handed out in the order in which they came.</summary>
    /// <remarks>
    /// The next image is asked for when there is room for it, so that a stream of any length holds few images. Whoever stops reading stops the work.
    /// </remarks>
    /// <param name="restorer">The restorer.</param>
    /// <param name="degraded">Images as <see cref="IRestorer.Restore(ImageBuffer, CancellationToken)"/> takes them, of any sizes.</param>
    /// <param name="cancellationToken">Ends the waiting, or stops the work between iterations, or between the layers of a network.</param>
    /// <exception cref="RestorationQueueFullException">As many wait as may (thrown while reading).</exception>
    public IAsyncEnumerable<ImageBuffer> RestoreAsync(IRestorer restorer, IAsyncEnumerable<ImageBuffer> degraded, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(restorer);
        ArgumentNullException.ThrowIfNull(degraded);
        return RestoreAll(restorer, degraded, cancellationToken);
    }

    private async IAsyncEnumerable<ImageBuffer> RestoreAll(
        IRestorer restorer, IAsyncEnumerable<ImageBuffer> degraded, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begun = new Queue<Task<ImageBuffer>>();
        try
        {
            await foreach (ImageBuffer image in degraded.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                begun.Enqueue(RestoreAsync(restorer, image, null, stop.Token));
                if (begun.Count == MaxRunning)
                    yield return await begun.Dequeue().ConfigureAwait(false);
            }

            while (begun.TryDequeue(out Task<ImageBuffer>? next))
                yield return await next.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task left in begun)
                await left.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        int waiting = Interlocked.Increment(ref _waiting);
        ModelsTelemetry.Waiting.Add(1);
        try
        {
            if (waiting > MaxWaiting)
                throw new RestorationQueueFullException($"{MaxRunning} restorations are at work and {MaxWaiting} wait; expected fewer. Ask again later.");
            await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ModelsTelemetry.Waiting.Add(-1);
            Interlocked.Decrement(ref _waiting);
        }
    }
}

/// <summary>A <see cref="RestorationQueue"/> has no room: ask again later (a web service answers 503).</summary>
public sealed class RestorationQueueFullException : GirException
{
    /// <summary>Creates one.</summary>
    /// <param name="message">What was found and what is expected.</param>
    public RestorationQueueFullException(string message)
        : base(message)
    {
    }
}

/// <summary>Makes any restorer awaitable.</summary>
public static class RestorerExtensions
{
    /// <summary>Restores an image on the thread pool, when its turn comes in <see cref="RestorationQueue.Shared"/>.</summary>
    /// <inheritdoc cref="RestorationQueue.RestoreAsync(IRestorer, ImageBuffer, IProgress{RestorationProgress}, CancellationToken)"/>
    public static Task<ImageBuffer> RestoreAsync(
        this IRestorer restorer, ImageBuffer degraded, IProgress<RestorationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RestorationQueue.Shared.RestoreAsync(restorer, degraded, progress, cancellationToken);

    /// <summary>Restores a stream of images on the thread pool, by <see cref="RestorationQueue.Shared"/>.</summary>
    /// <inheritdoc cref="RestorationQueue.RestoreAsync(IRestorer, IAsyncEnumerable{ImageBuffer}, CancellationToken)"/>
    public static IAsyncEnumerable<ImageBuffer> RestoreAsync(
        this IRestorer restorer, IAsyncEnumerable<ImageBuffer> degraded, CancellationToken cancellationToken = default) =>
        RestorationQueue.Shared.RestoreAsync(restorer, degraded, cancellationToken);
}
