using System.Collections.Concurrent;
using System.Diagnostics;
using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Recipes;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Evaluation.Orleans.Silo;

/// <summary>The networks of lines that a silo trains, each on a thread and a core of its own. Safe for concurrent use.</summary>
/// <param name="cores">How many at a time, whoever asks for them.</param>
internal sealed class LineWorkshop(int cores) : IDisposable
{
    private readonly ConcurrentDictionary<string, LineBench> _benches = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _free = new(cores);
    private readonly Lock _opening = new();
    private Timer? _sweep;

    public LineCard Open(string run, LineOffer offer)
    {
        lock (_opening)
        {
            if (_benches.ContainsKey(run))
                return new LineCard(cores, null);
            if (!File.Exists(Path.Combine(offer.Output, offer.Token)))
                return new LineCard(cores, $"the folder '{offer.Output}' is not the coordinator's; it has to be one that all machines share");
            if (offer.Terms.WhyUnfit(out LineTraining? training) is { } reason)
                return new LineCard(cores, reason);
            _benches[run] = new LineBench(training!, _free);
            _sweep ??= new Timer(_ => CloseForgotten(), null, Workshop.Patience, Workshop.Patience / 4);
            return new LineCard(cores, null);
        }
    }

    /// <exception cref="InvalidOperationException">There is no such run: it was closed, or the silo is another one now.</exception>
    public LineState[] Exchange(string run, IReadOnlyList<LineOrder> orders) => _benches.TryGetValue(run, out LineBench? bench)
        ? bench.Exchange(orders)
        : throw new InvalidOperationException($"This silo has no training '{run}'.");

    public void Close(string run)
    {
        if (_benches.TryRemove(run, out LineBench? bench))
            bench.Stop();
    }

    public void Dispose()
    {
        _sweep?.Dispose();
        LineBench[] open = [.. _benches.Values];
        foreach (string run in _benches.Keys)
            Close(run);
        // A training saves its state after the step in work.
        foreach (LineBench bench in open)
            bench.Wait(TimeSpan.FromSeconds(5));
    }

    private void CloseForgotten()
    {
        foreach ((string run, LineBench bench) in _benches)
        {
            if (Stopwatch.GetElapsedTime(bench.LastTurn) > Workshop.Patience)
                Close(run);
        }
    }
}

/// <summary>One training of lines on a silo.</summary>
internal sealed class LineBench(LineTraining training, SemaphoreSlim free)
{
    private readonly ConcurrentDictionary<long, LineState> _states = new();
    private readonly ConcurrentBag<Thread> _threads = [];
    private readonly CancellationTokenSource _stop = new();
    private long _lastTurn = Stopwatch.GetTimestamp();

    public long LastTurn => Volatile.Read(ref _lastTurn);

    public LineState[] Exchange(IReadOnlyList<LineOrder> orders)
    {
        Volatile.Write(ref _lastTurn, Stopwatch.GetTimestamp());
        foreach (LineOrder order in orders)
        {
            if (!_states.TryAdd(order.Id, new LineState(order.Id, 0, 0, 0, 0, 0, null, false, null)))
                continue;
            var thread = new Thread(() => Make(order)) { IsBackground = true, Name = $"gir line {order.Task}" };
            _threads.Add(thread);
            thread.Start();
        }

        return [.. orders.Select(o => _states[o.Id])];
    }

    public void Stop() => _stop.Cancel();

    public void Wait(TimeSpan patience)
    {
        foreach (Thread thread in _threads)
            thread.Join(patience);
    }

    private void Make(LineOrder order)
    {
        try
        {
            free.Wait(_stop.Token);
            try
            {
                // One network, one core: as many are made at a time as there are cores.
                using TensorBackend.EngineScope engine = TensorBackend.Use(new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1 }));
                bool isDone = training.MakeAsync(order.Work, new Teller(p => Note(order.Id, p)), _stop.Token).GetAwaiter().GetResult();
                _states[order.Id] = _states[order.Id] with { IsDone = isDone, Fault = isDone ? null : "it was stopped" };
            }
            finally
            {
                free.Release();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _states[order.Id] = _states[order.Id] with { Fault = "it was stopped" };
        }
        catch (Exception e)
        {
            // Whatever it is, the coordinator decides: another try, or the end of the run.
            _states[order.Id] = _states[order.Id] with { Fault = e.Message };
        }
    }

    private void Note(long id, LineTrainingProgress progress) => _states[id] = progress.Training is { } t
        ? _states[id] with { Step = t.Step, Total = t.Total, StepsPerSecond = t.StepsPerSecond, Loss = t.Loss, LearningRate = t.LearningRate }
        : _states[id] with { Psnr = progress.Psnr };

    private sealed class Teller(Action<LineTrainingProgress> tell) : IProgress<LineTrainingProgress>
    {
        public void Report(LineTrainingProgress value) => tell(value);
    }
}
