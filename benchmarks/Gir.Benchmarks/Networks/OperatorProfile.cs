using System.Diagnostics;
using System.Runtime.CompilerServices;

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

    /// <summary>Begins a call, which is noted when what is returned is disposed.</summary>
    /// <param name="name">The operator, with what tells its cases apart.</param>
    /// <param name="operations">Its multiplications and additions.</param>
    public Call Begin([InterpolatedStringHandlerArgument("")] ref CallName name, long operations = 0) => new(this, name.Take(), operations);

    private void Add(string name, long ticks, long operations)
    {
        if (!_entries.TryGetValue(name, out Entry? entry))
            _entries[name] = entry = new Entry(name);
        entry.Calls++;
        entry.Ticks += ticks;
        entry.Fastest = Math.Min(entry.Fastest, ticks);
        entry.Operations += operations;
        Operations += operations;
    }

    /// <summary>One call of an operator, from here to where it is disposed; not noted where it has no name.</summary>
    internal readonly ref struct Call(OperatorProfile profile, string? name, long operations)
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose()
        {
            long ticks = Stopwatch.GetTimestamp() - _start;
            if (name is not null)
                profile.Add(name, ticks, operations);
        }
    }

    /// <summary>The text of a name, made only while calls are noted: the allocations of a pass without profile are the network's own.</summary>
    [InterpolatedStringHandler]
    internal ref struct CallName
    {
        private readonly bool _isWanted;
        private DefaultInterpolatedStringHandler _text;

        public CallName(int literalLength, int formattedCount, OperatorProfile profile, out bool isWanted)
        {
            isWanted = _isWanted = profile.IsOn;
            _text = isWanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public string? Take() => _isWanted ? _text.ToStringAndClear() : null;
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
