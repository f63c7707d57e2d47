using System.Diagnostics;
using System.Security.Cryptography;
using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Orleans.Silo;
using Gir.Evaluation.Recipes;
using Gir.Imaging.Files;
using Gir.Models.Training;
using Microsoft.Extensions.Logging;

namespace Gir.Evaluation.Orleans.Coordination;

/// <summary>One training of lines on a cluster: every network is given to a silo, and to another one where that is lost. What is trained and saved lies in the shared folder, so that the next one goes on there.</summary>
/// <param name="terms">The training.</param>
/// <param name="desks">The cluster.</param>
/// <param name="options">Times.</param>
/// <param name="progress">Told how far networks are; may be null.</param>
/// <param name="logger">Told of silos that join and are lost.</param>
internal sealed class LineRun(LineTerms terms, IDesks desks, ClusterExecutorOptions options, IProgress<LineTrainingProgress>? progress, ILogger logger)
{
    // The folder of a network that a lost silo, or one of a coordinator that died, is still at is not free before they give up.
    private const int Tries = 6;

    private static readonly TimeSpan s_between = Workshop.Patience / 3;

    private readonly string _id = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly Lock _gate = new();
    private readonly LinkedList<LineWork> _waiting = new();
    private readonly Dictionary<LineWork, (int Count, long Last)> _failures = [];
    private readonly Dictionary<string, string> _unfit = new(StringComparer.Ordinal);
    private readonly HashSet<string> _working = new(StringComparer.Ordinal);
    private IReadOnlySet<string> _alive = new HashSet<string>();
    private int _tasks;
    private int _left;
    private int _lost;
    private int _cores;
    private long _orders;

    private bool IsDone => Volatile.Read(ref _left) == 0;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (terms.WhyUnfit(out LineTraining? training) is { } reason)
            throw new EvaluationException($"The lines cannot be trained: {reason}.");
        foreach (LineWork work in training!.Missing())
            _waiting.AddLast(work);
        (_left, _tasks) = (_waiting.Count, training.Count);
        if (IsDone)
            return;
        Directory.CreateDirectory(terms.Output);
        string token = $".cluster-{_id}";
        AtomicFile.Write(Path.Combine(terms.Output, token), []);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var links = new Dictionary<string, Task>(StringComparer.Ordinal);
        try
        {
            await CoordinateAsync(LineOffer.Of(terms, token), links, stop);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(links.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            File.Delete(Path.Combine(terms.Output, token));
        }

        if (training.Missing() is [{ } first, ..])
            throw new EvaluationException($"The cluster says that the {first.Kind} network of task {first.Task} is done, and '{terms.Output}' does not have it.");
    }

    private async Task CoordinateAsync(LineOffer offer, Dictionary<string, Task> links, CancellationTokenSource stop)
    {
        long lastUseful = Stopwatch.GetTimestamp();
        string trouble = "no silo answers";
        int opened = 0;
        while (!IsDone)
        {
            stop.Token.ThrowIfCancellationRequested();
            try
            {
                IReadOnlyList<string> silos = await desks.SilosAsync().WaitAsync(options.Silence, stop.Token);
                _alive = silos.ToHashSet(StringComparer.Ordinal);
                foreach (string silo in silos.Where(s => !IsUnfit(s) && (!links.TryGetValue(s, out Task? link) || link.IsCompleted)))
                    links[silo] = LinkAsync(silo, $"{_id}-{++opened}", offer, stop.Token);
                lock (_gate)
                    trouble = silos.Count == 0 ? "the cluster has no silo" : _unfit.Count > 0 ? $"no silo is fit: {_unfit.Values.First()}" : trouble;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                trouble = $"the cluster does not answer: {e.Message}";
                ClusterLog.ClusterSilent(logger, e.Message);
            }

            lock (_gate)
            {
                if (_working.Count > 0)
                    lastUseful = Stopwatch.GetTimestamp();
                options.Progress?.Report(new ClusterState(_working.Count, _cores, _lost, 0));
            }

            if (Stopwatch.GetElapsedTime(lastUseful) > options.Patience)
                throw new EvaluationException($"For {options.Patience.TotalSeconds:0} s no silo of the cluster could do what is left: {trouble}.");
            await Task.Delay(options.Refresh, stop.Token);
            foreach (Task link in links.Values.Where(l => l.IsFaulted))
                await link;
        }
    }

    /// <summary>The talk with one silo, until all is done, the silo is unfit or lost, or the run is stopped; fails where the run has to.</summary>
    private async Task LinkAsync(string silo, string run, LineOffer offer, CancellationToken cancellationToken)
    {
        ILineGrain grain = desks.FindLines(silo, run);
        var mine = new Dictionary<long, LineWork>();
        int cores = 0;
        try
        {
            LineCard card = await AskAsync(silo, () => grain.Open(offer), cancellationToken);
            if (card.Unfit is { } reason)
            {
                lock (_gate)
                    _unfit[silo] = reason;
                ClusterLog.SiloUnfit(logger, silo, reason);
                return;
            }

            cores = card.Cores;
            lock (_gate)
            {
                _working.Add(silo);
                _cores += cores;
            }

            ClusterLog.SiloJoined(logger, silo, cores, 0);
            while (!IsDone)
            {
                TopUp(mine, cores);
                LineState[] states = await AskAsync(silo, () => grain.Exchange([.. mine.Select(m => LineOrder.Of(m.Key, m.Value))]), cancellationToken);
                foreach (LineState state in states)
                    Take(silo, mine, state);
                await Task.Delay(options.TurnTime, cancellationToken);
            }
        }
        catch (TimeoutException e)
        {
            ClusterLog.SiloLost(logger, silo, e.Message);
            ClusterMeters.Lost.Add(1);
            lock (_gate)
                _lost++;
        }
        finally
        {
            GiveBack(silo, mine.Values, cores);
            await CloseAsync(grain);
        }
    }

    private void TopUp(Dictionary<long, LineWork> mine, int cores)
    {
        lock (_gate)
        {
            while (mine.Count < cores && _waiting.FirstOrDefault(MayBeTried) is { } next)
            {
                _waiting.Remove(next);
                mine.Add(++_orders, next);
                ClusterMeters.Orders.Add(1);
            }
        }
    }

    private bool MayBeTried(LineWork work) => !_failures.TryGetValue(work, out (int Count, long Last) failed) || Stopwatch.GetElapsedTime(failed.Last) > s_between;

    private bool IsUnfit(string silo)
    {
        lock (_gate)
            return _unfit.ContainsKey(silo);
    }

    private void Take(string silo, Dictionary<long, LineWork> mine, LineState state)
    {
        if (!mine.TryGetValue(state.Id, out LineWork? work))
            return;
        if (state.IsDone)
        {
            mine.Remove(state.Id);
            Interlocked.Decrement(ref _left);
            progress?.Report(new LineTrainingProgress(work.Task, work.Kind, work.Index, _tasks) { Psnr = state.Psnr });
        }
        else if (state.Fault is { } fault)
        {
            mine.Remove(state.Id);
            ClusterLog.LineFailed(logger, silo, work.Task, fault);
            lock (_gate)
            {
                int failures = _failures.GetValueOrDefault(work).Count + 1;
                _failures[work] = (failures, Stopwatch.GetTimestamp());
                if (failures >= Tries)
                    throw new EvaluationException($"Task {work.Task}, {work.Kind}: its network failed on the cluster again and again; last on silo {silo}: {fault}");
                _waiting.AddLast(work);
            }
        }
        else if (state.Total > 0)
        {
            TimeSpan? remaining = state.StepsPerSecond > 0 ? TimeSpan.FromSeconds((state.Total - state.Step) / state.StepsPerSecond) : null;
            progress?.Report(new LineTrainingProgress(work.Task, work.Kind, work.Index, _tasks)
            {
                Training = new TrainingProgress(state.Step, state.Total, state.Loss, state.LearningRate, state.StepsPerSecond, remaining, 0, null),
            });
        }
    }

    /// <summary>What a silo was at comes first for the others: it has been begun.</summary>
    private void GiveBack(string silo, IEnumerable<LineWork> unfinished, int cores)
    {
        lock (_gate)
        {
            foreach (LineWork work in unfinished)
                _waiting.AddFirst(work);
            if (_working.Remove(silo))
                _cores -= cores;
        }
    }

    /// <summary>Asks again after a failure: every question may be asked twice.</summary>
    /// <exception cref="TimeoutException">There was no answer for too long, or the cluster says that the silo is gone.</exception>
    private async Task<T> AskAsync<T>(string silo, Func<Task<T>> question, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await question().WaitAsync(options.Silence, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (Stopwatch.GetElapsedTime(start) >= options.Silence || !_alive.Contains(silo))
                    throw new TimeoutException(e.Message, e);
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private static async Task CloseAsync(ILineGrain grain)
    {
        try
        {
            await grain.Close().WaitAsync(TimeSpan.FromSeconds(2));
        }
        catch (Exception)
        {
            // It closes by itself where nobody is heard of.
        }
    }
}
