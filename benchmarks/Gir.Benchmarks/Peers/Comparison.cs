using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Gir.Benchmarks.Peers;

/// <summary>
/// Runs Gir's code and its peers' in turn, A B A B, on one thread each, and prints medians and their ratios: the machine's speed
/// drifts from second to second, so only neighbors are comparable.
/// </summary>
internal sealed class Comparison(IReadOnlyList<IPeer> peers, int rounds, string? filter = null)
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(700);

    /// <summary>Prints the head of the table.</summary>
    public void PrintHeader()
    {
        Console.WriteLine("| case | Gir, median ms |" + string.Concat(peers.Select(p => $" {p.Name}, median ms | {p.Name} / Gir |")));
        Console.WriteLine("|---|---:|" + string.Concat(peers.Select(_ => "---:|---:|")));
    }

    /// <summary>Times one case; <paramref name="work"/> is called once per sample after a warm-up of all sides.</summary>
    public void Add(string name, Action work)
    {
        if (filter is not null && !name.Contains(filter, StringComparison.Ordinal))
            return;
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < s_warmUp;)
            work();
        bool[] present = [.. peers.Select(p => p.Run(name) >= 0)];
        for (int p = 0; p < peers.Count; p++)
        {
            for (var warm = Stopwatch.StartNew(); present[p] && warm.Elapsed < s_warmUp;)
                peers[p].Run(name);
        }

        var ours = new double[rounds];
        double[][] theirs = [.. peers.Select(_ => new double[rounds])];
        for (int i = 0; i < rounds; i++)
        {
            // A first, uncounted call each: the other sides have just had the caches.
            work();
            long start = Stopwatch.GetTimestamp();
            work();
            ours[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            for (int p = 0; p < peers.Count; p++)
            {
                if (!present[p])
                    continue;
                peers[p].Run(name);
                theirs[p][i] = peers[p].Run(name);
            }
        }

        var row = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(ours):F2} |"));
        for (int p = 0; p < peers.Count; p++)
            row.Append(present[p] ? string.Create(CultureInfo.InvariantCulture, $" {Median(theirs[p]):F2} | {Ratio(theirs[p], ours):F2} |") : " | |");
        Console.WriteLine(row);
    }

    /// <summary>The upper median.</summary>
    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>The median of the ratios of neighbors in time.</summary>
    public static double Ratio(double[] theirs, double[] ours) => Median([.. theirs.Zip(ours, (t, o) => t / o)]);

    /// <summary>A peer's columns beside Gir's: median and best, the ratio of neighbors, and that of the bests.</summary>
    public static string Columns(double[] theirs, double[] ours, string format = "F1") => string.Create(
        CultureInfo.InvariantCulture,
        $" {Median(theirs).ToString(format, CultureInfo.InvariantCulture)} ({theirs.Min().ToString(format, CultureInfo.InvariantCulture)}) | {Ratio(theirs, ours):F2} | {theirs.Min() / ours.Min():F2} |");
}
