using System.Collections.Concurrent;
using System.Diagnostics;
using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Execution;

namespace Gir.Evaluation.Orleans.Silo;

/// <summary>A silo's threads, images and desks. Grains only pass messages on to it, so that one that moves or wakes up anew loses nothing. Safe for concurrent use.</summary>
internal sealed class Workshop : IDisposable
{
    /// <summary>After so long without a turn the coordinator counts as gone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BenchmarkWorker _worker;
    private readonly int _cores;
    private readonly ConcurrentDictionary<string, Desk> _desks = new(StringComparer.Ordinal);
    private readonly BlockingCollection<(Desk Desk, Order Order)> _queue = [];
    private readonly Thread[] _threads;
    private readonly Timer _sweep;
    private readonly Lock _opening = new();

    public Workshop(BenchmarkWorker worker, int cores, long imageBytes)
    {
        _worker = worker;
        _cores = cores;
        Images = new ImageShelf(imageBytes);
        _threads = [.. Enumerable.Range(1, cores).Select(i => new Thread(WorkOn) { IsBackground = true, Name = $"gir worker {i}" })];
        foreach (Thread thread in _threads)
            thread.Start();
        _sweep = new Timer(_ => CloseForgotten(), null, Patience, Patience / 4);
    }

    public ImageShelf Images { get; }

    public WorkerCard Open(string run, RunTerms terms)
    {
        lock (_opening)
        {
            if (_desks.TryGetValue(run, out Desk? there))
                return there.Card;
            (Desk? desk, WorkerCard card) = Desk.Open(terms, _worker, Images, _cores);
            if (desk is not null)
                _desks[run] = desk;
            return card;
        }
    }

    /// <exception cref="InvalidOperationException">There is no such desk: it was closed, or the silo is another one now.</exception>
    public Task<Answer> ExchangeAsync(string run, Turn turn) => _desks.TryGetValue(run, out Desk? desk)
        ? desk.ExchangeAsync(turn, (d, order) => _queue.Add((d, order)))
        : throw new InvalidOperationException($"This silo has no desk '{run}'.");

    public void Close(string run)
    {
        if (_desks.TryRemove(run, out Desk? desk))
            desk.Dispose();
    }

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (string run in _desks.Keys)
            Close(run);
        _queue.CompleteAdding();
        foreach (Thread thread in _threads)
            thread.Join(TimeSpan.FromSeconds(5));
    }

    private void WorkOn()
    {
        foreach ((Desk desk, Order order) in _queue.GetConsumingEnumerable())
            desk.Work(order);
    }

    private void CloseForgotten()
    {
        foreach ((string run, Desk desk) in _desks)
        {
            if (Stopwatch.GetElapsedTime(desk.LastTurn) > Patience)
                Close(run);
        }
    }
}
