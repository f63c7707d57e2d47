using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Execution;

namespace Gir.Evaluation.Orleans.Coordination;

/// <summary>What is to be made, who is at it, and what is made: the coordinator's book. It knows nothing of messages. Safe for concurrent use.</summary>
/// <remarks>
/// An order is some tasks on one image, as long as the target says by the times that were measured so far, and shorter towards the end, so that no silo waits for another's long
/// order. A silo is given further tasks of images that it has before others. What an order that is lost has not delivered is pending again.
/// </remarks>
internal sealed class Ledger
{
    /// <summary>So many failures that are not the image's own, and the run ends.</summary>
    private const int MostFailures = 3;

    private readonly Lock _gate = new();
    private readonly Entry[] _entries;
    private readonly Dictionary<int, List<int>> _pending = [];
    private readonly Dictionary<int, int> _silosAt = [];
    private readonly Dictionary<long, Lease> _leases = [];
    private readonly double[] _seconds;
    private readonly TimeSpan _target;
    private TaskCompletionSource _changed = NewSignal();
    private long _nextOrder;
    private long _openUnits;

    /// <summary>Opens the book.</summary>
    /// <param name="items">What is to be made.</param>
    /// <param name="restorers">How many restorers there are.</param>
    /// <param name="target">How long an order should take.</param>
    public Ledger(IReadOnlyList<BenchmarkItem> items, int restorers, TimeSpan target)
    {
        _entries = [.. items.Select(i => new Entry(i))];
        _target = target;
        _seconds = new double[restorers + 1];
        for (int i = 0; i < _entries.Length; i++)
        {
            _openUnits += _entries[i].Open.Count;
            Pending(_entries[i].Item.Image).Add(i);
        }

        // Taken from the end.
        foreach (List<int> list in _pending.Values)
            list.Reverse();
    }

    /// <summary>Whether everything is made or given up.</summary>
    public bool IsDone
    {
        get
        {
            lock (_gate)
                return _openUnits == 0;
        }
    }

    /// <summary>Whether any order is out.</summary>
    public bool HasLeases
    {
        get
        {
            lock (_gate)
                return _leases.Count > 0;
        }
    }

    /// <summary>Ends when something is pending again, or all is done.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    /// <summary>The next order for a silo; null where nothing is pending that it can make.</summary>
    /// <param name="silo">The silo: its orders can be lost together.</param>
    /// <param name="can">Which restorers it has.</param>
    /// <param name="has">The images that it has been sent.</param>
    /// <param name="cores">How many cores the cluster has.</param>
    public Lease? Next(string silo, IReadOnlySet<int> can, IReadOnlySet<int> has, int cores)
    {
        lock (_gate)
        {
            if (_pending.Count == 0)
                return null;
            int nearest = _pending.Keys.MinBy(i => Distance(i, has));
            if (Take(silo, nearest, can, cores) is { } near)
                return near;
            // Where a silo lacks restorers, another image may have work for it.
            foreach (int image in _pending.Keys.OrderBy(i => Distance(i, has)))
            {
                if (Take(silo, image, can, cores) is { } lease)
                    return lease;
            }

            return null;
        }
    }

    /// <summary>Notes a result.</summary>
    /// <returns>Whether it was open: one that comes a second time was not.</returns>
    public bool Note(int item, int restorer, double seconds)
    {
        lock (_gate)
        {
            if (item < 0 || item >= _entries.Length || !_entries[item].Open.Remove(restorer))
                return false;
            ref double mean = ref _seconds[restorer + 1];
            mean = mean == 0 ? seconds : (0.9 * mean) + (0.1 * seconds);
            _openUnits--;
            SignalIfDone();
            return true;
        }
    }

    /// <summary>Closes an order; what it has not delivered is pending again.</summary>
    /// <returns>Whether there is nothing more to do on its image.</returns>
    public bool Finish(long order)
    {
        lock (_gate)
        {
            if (!_leases.TryGetValue(order, out Lease? lease))
                return false;
            Return(order);
            return _silosAt[lease.Image] == 0 && !_pending.ContainsKey(lease.Image);
        }
    }

    /// <summary>Closes an order that failed for no fault of its image.</summary>
    /// <returns>Whether it may be tried again.</returns>
    public bool Fail(long order)
    {
        lock (_gate)
        {
            if (!_leases.TryGetValue(order, out Lease? lease))
                return true;
            int failures = lease.Parts.Max(p => ++_entries[p.Item].Failures);
            Return(order);
            return failures < MostFailures;
        }
    }

    /// <summary>A silo is gone: what it was at is pending again.</summary>
    public void Lose(string silo)
    {
        lock (_gate)
        {
            foreach (long order in _leases.Values.Where(l => l.Silo == silo).Select(l => l.Order).ToArray())
                Return(order);
        }
    }

    /// <summary>Nothing more is to be made of an image.</summary>
    public void GiveUp(int image)
    {
        lock (_gate)
        {
            _pending.Remove(image);
            foreach (Entry entry in _entries.Where(e => e.Item.Image == image))
            {
                _openUnits -= entry.Open.Count;
                entry.Open.Clear();
            }

            SignalIfDone();
        }
    }

    /// <summary>Restorers that something pending needs, by their places; -1 stands for none but the degraded images.</summary>
    public IReadOnlySet<int> Wanted()
    {
        lock (_gate)
            return _pending.Values.SelectMany(l => l).SelectMany(i => _entries[i].Free()).ToHashSet();
    }

    /// <summary>How well an image suits a silo that has some: first its own, then those that few are at.</summary>
    private int Distance(int image, IReadOnlySet<int> has) => has.Contains(image) ? -1 : _silosAt.GetValueOrDefault(image);

    private Lease? Take(string silo, int image, IReadOnlySet<int> can, int cores)
    {
        List<int> list = _pending[image];
        // No order is longer than its share of what is left, counted twice over.
        double limit = Math.Min(_target.TotalSeconds, Remaining() / (2.0 * Math.Max(1, cores)));
        var parts = new List<OrderPart>();
        double seconds = 0;
        for (int at = list.Count - 1; at >= 0 && (parts.Count == 0 || seconds < limit); at--)
        {
            Entry entry = _entries[list[at]];
            int[] free = [.. entry.Free().Where(r => r < 0 || can.Contains(r)).Order()];
            if (free.Length == 0)
                continue;
            double cost = free.Sum(Seconds);
            if (parts.Count > 0 && seconds + cost > limit)
                break;
            seconds += cost;
            parts.Add(new OrderPart(list[at], entry.Item.Task, free[0] < 0, [.. free.Where(r => r >= 0)]));
            entry.Leased.UnionWith(free);
            if (!entry.Free().Any())
                list.RemoveAt(at);
        }

        if (parts.Count == 0)
            return null;
        if (list.Count == 0)
            _pending.Remove(image);
        var lease = new Lease(++_nextOrder, silo, image, parts);
        _leases.Add(lease.Order, lease);
        _silosAt[image] = _silosAt.GetValueOrDefault(image) + 1;
        return lease;
    }

    private void Return(long order)
    {
        if (!_leases.Remove(order, out Lease? lease))
            return;
        _silosAt[lease.Image]--;
        bool any = false;
        foreach (OrderPart part in lease.Parts)
        {
            Entry entry = _entries[part.Item];
            bool wasPending = entry.Free().Any();
            if (part.Input)
                entry.Leased.Remove(-1);
            entry.Leased.ExceptWith(part.Restorers);
            if (wasPending || !entry.Free().Any())
                continue;
            Pending(lease.Image).Add(part.Item);
            any = true;
        }

        if (any)
            Signal();
    }

    private List<int> Pending(int image)
    {
        if (!_pending.TryGetValue(image, out List<int>? list))
            _pending.Add(image, list = []);
        return list;
    }

    /// <summary>Of a result that was never timed nothing is known: it is ordered alone.</summary>
    private double Seconds(int restorer) => _seconds[restorer + 1] is > 0 and var known ? known : _target.TotalSeconds;

    private double Remaining()
    {
        double known = _seconds.Where(s => s > 0).DefaultIfEmpty(_target.TotalSeconds).Average();
        return known * _openUnits;
    }

    private void SignalIfDone()
    {
        if (_openUnits == 0)
            Signal();
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An order that is out.</summary>
    public sealed record Lease(long Order, string Silo, int Image, IReadOnlyList<OrderPart> Parts);

    /// <summary>An item: what of it is not made, and what of that somebody is at. -1 is the degraded image itself.</summary>
    private sealed class Entry
    {
        public Entry(BenchmarkItem item)
        {
            Item = item;
            Open = [.. item.Restorers];
            if (item.Input)
                Open.Add(-1);
        }

        public BenchmarkItem Item { get; }

        public HashSet<int> Open { get; }

        public HashSet<int> Leased { get; } = [];

        public int Failures { get; set; }

        public IEnumerable<int> Free() => Open.Where(o => !Leased.Contains(o));
    }
}
