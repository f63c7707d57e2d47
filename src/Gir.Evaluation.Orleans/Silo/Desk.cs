using System.Diagnostics;
using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Results;
using Gir.Imaging;

namespace Gir.Evaluation.Orleans.Silo;

/// <summary>What one run has on a silo: orders in, results out. Safe for concurrent use.</summary>
internal sealed class Desk : IDisposable
{
    private const int MostInOneAnswer = 4096;

    private readonly BenchmarkWorker _worker;
    private readonly ImageShelf _images;
    private readonly BenchmarkTerms _terms;
    private readonly DegradationTask[] _tasks;
    private readonly string[] _metrics;
    private readonly int[] _runOf;
    private readonly int[] _hereOf;
    private readonly int _cores;
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _gate = new();
    private readonly Queue<(long Number, Made? Made, Finished? Finished)> _outbox = new();
    private readonly Dictionary<long, Order> _waitingForImages = [];
    private readonly HashSet<long> _known = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _number;
    private int _queued;

    private Desk(RunTerms terms, DegradationTask[] tasks, int[] hereOf, BenchmarkWorker worker, ImageShelf images, int cores)
    {
        _worker = worker;
        _images = images;
        _cores = cores;
        _terms = terms.ToTerms();
        _tasks = tasks;
        _metrics = [.. _terms.Metrics.Select(m => m.Name)];
        _hereOf = hereOf;
        _runOf = new int[worker.Restorers.Count];
        for (int i = 0; i < hereOf.Length; i++)
        {
            if (hereOf[i] >= 0)
                _runOf[hereOf[i]] = i;
        }

        Card = new WorkerCard(cores, null, [.. Enumerable.Range(0, hereOf.Length).Where(i => hereOf[i] >= 0)]);
        LastTurn = Stopwatch.GetTimestamp();
    }

    public WorkerCard Card { get; }

    /// <summary>When the coordinator was heard of last.</summary>
    public long LastTurn { get; private set; }

    /// <summary>Opens a desk, where the silo can make what the run asks for.</summary>
    /// <returns>The desk; null with the reason in the card.</returns>
    public static (Desk? Desk, WorkerCard Card) Open(RunTerms terms, BenchmarkWorker worker, ImageShelf images, int cores)
    {
        WorkerCard Unfit(string why) => new(cores, why, []);
        if (worker.WhyUnfit(terms.ToTerms()) is { } reason)
            return (null, Unfit(reason));
        var tasks = new DegradationTask[terms.Tasks.Length];
        for (int i = 0; i < tasks.Length; i++)
        {
            try
            {
                tasks[i] = new DegradationTask(terms.Tasks[i].Id, DegradationPipeline.FromJson(terms.Tasks[i].Pipeline));
            }
            catch (GirException e)
            {
                return (null, Unfit($"task '{terms.Tasks[i].Id}': {e.Message}"));
            }

            if (tasks[i].Pipeline.ToJson() != terms.Tasks[i].Pipeline)
                return (null, Unfit($"task '{terms.Tasks[i].Id}' means another pipeline here"));
        }

        int[] hereOf =
        [
            .. terms.Restorers.Select(wanted => worker.Restorers.Index().Where(r => r.Item.Name == wanted.Name && r.Item.Identity == wanted.Identity).Select(r => r.Index).DefaultIfEmpty(-1).First()),
        ];
        if (hereOf.Length > 0 && hereOf.All(h => h < 0))
            return (null, Unfit("it has none of the restorers"));
        var desk = new Desk(terms, tasks, hereOf, worker, images, cores);
        return (desk, desk.Card);
    }

    /// <summary>Takes orders, then waits until there is something that the coordinator should know at once, or time is up.</summary>
    /// <param name="turn">The coordinator's turn.</param>
    /// <param name="enqueue">Puts an order into the silo's queue.</param>
    public async Task<Answer> ExchangeAsync(Turn turn, Action<Desk, Order> enqueue)
    {
        long start = Stopwatch.GetTimestamp();
        List<Order> ready = [];
        lock (_gate)
        {
            LastTurn = start;
            while (_outbox.TryPeek(out (long Number, Made? Made, Finished? Finished) sent) && sent.Number <= turn.Acknowledged)
                _outbox.Dequeue();
            foreach (Order order in turn.Orders)
            {
                if (_known.Add(order.Id))
                    _waitingForImages.Add(order.Id, order);
            }

            foreach (Order order in _waitingForImages.Values.Where(o => Lacking(o).Length == 0).ToArray())
            {
                _waitingForImages.Remove(order.Id);
                _queued++;
                ready.Add(order);
            }
        }

        foreach (Order order in ready)
            enqueue(this, order);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                LastTurn = Stopwatch.GetTimestamp();
                TimeSpan left = turn.Wait - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || IsUrgent())
                    return Take();
                changed = _changed.Task;
            }

            TimeSpan rest = turn.Wait - Stopwatch.GetElapsedTime(start);
            await Task.WhenAny(changed, Task.Delay(rest < TimeSpan.Zero ? TimeSpan.Zero : rest));
        }
    }

    /// <summary>Makes an order's results, on one of the silo's threads.</summary>
    public void Work(Order order)
    {
        Finished finished;
        try
        {
            long last = Stopwatch.GetTimestamp();
            var image = new BenchmarkImage(order.ImageName, order.Image, () => Need(order.Image), () => order.Depth is null ? null : Need(order.Depth));
            BenchmarkItem[] items = [.. order.Parts.Select(p => new BenchmarkItem(p.Item, p.Task, p.Input, [.. p.Restorers.Select(r => _hereOf[r])]))];
            Exception? failure = _worker.Make(_terms, image, items, _tasks, (item, result) =>
            {
                long now = Stopwatch.GetTimestamp();
                Send(new Made(item.Image, Place(result), [.. _metrics.Select(m => result.Metrics[m])], (float)Stopwatch.GetElapsedTime(last, now).TotalSeconds));
                last = now;
            }, _closed.Token);
            finished = new Finished(order.Id, failure?.Message, IsImages: failure is not (null or ImageLostException) && failure.InnerException is not ImageLostException);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            // Whatever it is, the coordinator has to know that the order is not being worked on.
            finished = new Finished(order.Id, $"{e.GetType().Name}: {e.Message}", IsImages: false);
        }

        lock (_gate)
        {
            _queued--;
            _outbox.Enqueue((++_number, null, finished));
            Signal();
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        lock (_gate)
            Signal();
    }

    private ImageBuffer Need(string hash) => _images.Find(hash) ?? throw new ImageLostException(hash);

    private int Place(ResultRecord result)
    {
        if (result.Restorer == ResultRecord.InputName)
            return -1;
        for (int i = 0; i < _worker.Restorers.Count; i++)
        {
            if (_worker.Restorers[i].Name == result.Restorer && _worker.Restorers[i].Identity == result.Identity)
                return _runOf[i];
        }

        throw new InvalidOperationException($"A result of '{result.Restorer}', which is not here.");
    }

    private void Send(Made made)
    {
        lock (_gate)
        {
            _outbox.Enqueue((++_number, made, null));
            if (_outbox.Count >= MostInOneAnswer)
                Signal();
        }
    }

    private string[] Lacking(Order order) =>
        [.. new[] { order.Image, order.Depth }.OfType<string>().Where(h => !_images.Has(h))];

    /// <summary>Whether the silo may run out of work, images are missing, or results pile up.</summary>
    private bool IsUrgent() =>
        _waitingForImages.Count > 0 || _closed.IsCancellationRequested || _outbox.Count >= MostInOneAnswer
        || (_queued <= _cores && _outbox.Any(o => o.Finished is not null));

    private Answer Take()
    {
        (long Number, Made? Made, Finished? Finished)[] sent = [.. _outbox.Take(MostInOneAnswer)];
        return new Answer(
            sent.Length > 0 ? sent[^1].Number : _number - _outbox.Count,
            [.. sent.Select(s => s.Made).OfType<Made>()],
            [.. sent.Select(s => s.Finished).OfType<Finished>()],
            [.. _waitingForImages.Values.SelectMany(Lacking).Distinct()]);
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The shelf had to make room between order and work: another try, not the image's fault.</summary>
    private sealed class ImageLostException(string hash) : Exception($"The image '{hash}' is not on the shelf any more.");
}
