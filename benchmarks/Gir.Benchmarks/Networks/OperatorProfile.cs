using System.Diagnostics;

namespace Gir.Benchmarks.Networks;

/// <summary>What the operators of one or more forward passes did, by name and shape.</summary>
internal sealed class OperatorProfile
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Whether calls are noted.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Multiplications and additions of convolutions, matrix products and attention; elementwise work counts nothing.</summary>
    public long Operations { get; private set; }

    /// <summary>The operators, the slowest first.</summary>
    public IEnumerable<Entry> Entries => _entries.Values.OrderByDescending(e => e.BestMilliseconds);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _entries.Clear();
        Operations = 0;
    }

    /// <summary>Notes one call.</summary>
    /// <param name="name">The operator, with what tells its cases apart.</param>
    /// <param name="start">The time stamp at its beginning.</param>
    /// <param name="operations">Its multiplications and additions.</param>
    public void Add(string name, long start, long operations)
    {
        long ticks = Stopwatch.GetTimestamp() - start;
        if (!_entries.TryGetValue(name, out Entry? entry))
            _entries[name] = entry = new Entry(name);
        entry.Calls++;
        entry.Ticks += ticks;
        entry.Fastest = Math.Min(entry.Fastest, ticks);
        entry.Operations += operations;
        Operations += operations;
    }

    /// <summary>The sum over all calls of one name.</summary>
    internal sealed class Entry(string name)
    {
        public string Name { get; } = name;

        public int Calls { get; set; }

        public long Ticks { get; set; }

        public long Operations { get; set; }

        /// <summary>Ticks of the fastest call: what the operator costs while nothing else uses the machine.</summary>
        public long Fastest { get; set; } = long.MaxValue;

        /// <summary>Of all calls together.</summary>
        public double Milliseconds => Ticks * 1000.0 / Stopwatch.Frequency;

        /// <summary>Of all calls together, had each been as fast as the fastest.</summary>
        public double BestMilliseconds => (double)Fastest * Calls * 1000.0 / Stopwatch.Frequency;
    }
}
