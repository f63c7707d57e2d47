using System.Diagnostics;

namespace Gir.Benchmarks.Peers;

/// <summary>A peer in this process; its cases are made when they are asked for first.</summary>
/// <param name="name">What tables call it.</param>
/// <param name="create">The work of a case; null where there is none.</param>
internal sealed class LocalPeer(string name, Func<string, Action?> create) : IPeer
{
    private readonly Dictionary<string, Action?> _cases = new(StringComparer.Ordinal);

    public string Name => name;

    public double Run(string name)
    {
        if (!_cases.TryGetValue(name, out Action? work))
            _cases[name] = work = create(name);
        if (work is null)
            return -1;
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose() => _cases.Clear();
}
