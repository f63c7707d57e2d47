using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Microsoft.Extensions.Logging;

namespace Gir.Evaluation.Orleans.Coordination;

/// <summary>One run of a benchmark on a cluster: what all of its links share. Safe for concurrent use.</summary>
internal sealed class ClusterRun
{
    private readonly IBenchmarkSink _sink;
    private readonly ConcurrentDictionary<string, string> _unfit = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, WorkerCard> _cards = new(StringComparer.Ordinal);
    private readonly string[] _metrics;
    private readonly Lock _gate = new();
    private readonly Queue<(long Time, int Made)> _recent = new();
    private volatile IReadOnlySet<string> _alive = new HashSet<string>();
    private int _made;
    private int _lost;
    private int _desks;

    public ClusterRun(BenchmarkJob job, IBenchmarkSink sink, JobImages images, Ledger ledger, ClusterExecutorOptions options, ILogger logger)
    {
        _sink = sink;
        Job = job;
        Images = images;
        Ledger = ledger;
        Options = options;
        Logger = logger;
        Terms = job.ToMessage();
        _metrics = [.. job.Options.FullReference.Select(m => m.Name), .. job.Options.NoReference.Select(m => m.Name)];
    }

    /// <summary>Tells this run's desks from those of all others; no result knows it.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public BenchmarkJob Job { get; }

    public JobImages Images { get; }

    public Ledger Ledger { get; }

    public ClusterExecutorOptions Options { get; }

    public ILogger Logger { get; }

    public RunTerms Terms { get; }

    /// <summary>A name for a desk.</summary>
    public string NewDesk() => $"{Id}-{Interlocked.Increment(ref _desks)}";

    public int Cores => _cards.Values.Sum(c => c.Cores);

    /// <summary>The silos that the cluster said to have last.</summary>
    public IReadOnlySet<string> Alive
    {
        get => _alive;
        set => _alive = value;
    }

    /// <summary>A silo has opened its desk, or told why not.</summary>
    public bool Admit(string silo, WorkerCard card)
    {
        if (card.Unfit is { } reason)
        {
            if (_unfit.TryAdd(silo, reason))
                ClusterLog.SiloUnfit(Logger, silo, reason);
            return false;
        }

        _cards[silo] = card;
        ClusterLog.SiloJoined(Logger, silo, card.Cores, card.Restorers.Length);
        return true;
    }

    /// <summary>A silo takes no part any more.</summary>
    public void Leave(string silo, string? reason)
    {
        Ledger.Lose(silo);
        bool tookPart = _cards.TryRemove(silo, out _);
        if (reason is null)
            return;
        ClusterLog.SiloLost(Logger, silo, reason);
        if (!tookPart)
            return;
        Interlocked.Increment(ref _lost);
        ClusterMeters.Lost.Add(1);
    }

    public bool IsUnfit(string silo) => _unfit.ContainsKey(silo);

    /// <summary>Why no silo can do what is left; null where one can.</summary>
    public string? Trouble()
    {
        IReadOnlySet<int> wanted = Ledger.Wanted();
        int lacking = wanted.Where(w => w >= 0 && !_cards.Values.Any(c => c.Restorers.Contains(w))).DefaultIfEmpty(-1).First();
        if (lacking >= 0)
        {
            string identity = Job.Infos[lacking].Identity is { } known ? $" ({known[..Math.Min(8, known.Length)]})" : "";
            string others = _unfit.IsEmpty ? "" : $"; of one silo, {_unfit.Values.First()}";
            return $"no silo has the restorer '{Job.Infos[lacking].Name}'{identity}{others}";
        }

        return _cards.IsEmpty && !_unfit.IsEmpty ? $"no silo is fit: {_unfit.Values.First()}" : null;
    }

    /// <summary>Keeps a result.</summary>
    public void Keep(Made made)
    {
        if (made.Item < 0 || made.Item >= Job.Items.Count || made.Restorer < -1 || made.Restorer >= Job.Infos.Count || made.Values.Length != Terms.Metrics.Length)
            throw new EvaluationException($"A silo sent a result that nobody ordered: item {made.Item}, restorer {made.Restorer}.");
        BenchmarkItem item = Job.Items[made.Item];
        var values = new OrderedDictionary<string, double>();
        foreach (string metric in _metrics)
            values[metric] = made.Values[Array.FindIndex(Terms.Metrics, m => m.Name == metric)];
        bool isInput = made.Restorer < 0;
        _sink.Keep(new ResultRecord(
            isInput ? ResultRecord.InputName : Job.Infos[made.Restorer].Name, Job.Tasks[item.Task].Id, Job.Images[item.Image].Name, values)
        {
            Identity = isInput ? null : Job.Infos[made.Restorer].Identity,
        });
        if (Ledger.Note(made.Item, made.Restorer, made.Seconds))
            Interlocked.Increment(ref _made);
    }

    /// <summary>An image cannot be worked on.</summary>
    public void GiveUp(int image, Exception reason)
    {
        if (!_sink.IsGivenUp(image))
            _sink.GiveUp(image, reason);
        Ledger.GiveUp(image);
        Images.Forget(image);
    }

    /// <summary>Tells how the cluster does.</summary>
    public void Tell()
    {
        if (Options.Progress is null)
            return;
        double rate;
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            int made = Volatile.Read(ref _made);
            _recent.Enqueue((now, made));
            while (_recent.Count > 2 && Stopwatch.GetElapsedTime(_recent.Peek().Time, now) > TimeSpan.FromSeconds(10))
                _recent.Dequeue();
            (long time, int before) = _recent.Peek();
            double seconds = Stopwatch.GetElapsedTime(time, now).TotalSeconds;
            rate = seconds > 0 ? (made - before) / seconds : 0;
        }

        Options.Progress.Report(new ClusterState(_cards.Count, Cores, Volatile.Read(ref _lost), rate));
    }

    /// <summary>Whether an exception tells that an image cannot be loaded, as a run on one machine takes it.</summary>
    public static bool IsImages(Exception e) => e is GirException or IOException or UnauthorizedAccessException or ArgumentException;
}
