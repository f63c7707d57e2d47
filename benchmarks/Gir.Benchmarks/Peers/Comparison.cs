using System.Diagnostics;
using System.Globalization;

namespace Gir.Benchmarks.Peers;

/// <summary>
/// Runs Gir's code and a peer's in turn, A B A B, on one thread each, and prints medians and their ratio: the machine's speed
/// drifts from second to second, so only neighbors are comparable.
/// </summary>
internal sealed class Comparison(PeerProcess peer, int rounds)
{
    public static string Header =>
        "| case | Gir, median ms | peer, median ms | peer / Gir |\n|---|---:|---:|---:|";

    /// <summary>Times one case; <paramref name="work"/> is called once per sample after a warm-up of both sides.</summary>
    public void Add(string name, Action work)
    {
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 700;)
            work();
        if (peer.Run(name) < 0)
        {
            Console.WriteLine($"| {name} | | not installed | |");
            return;
        }

        peer.Run(name);

        var ours = new double[rounds];
        var theirs = new double[rounds];
        var ratios = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            // A first, uncounted call each: the other side has just had the caches.
            work();
            long start = Stopwatch.GetTimestamp();
            work();
            ours[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            peer.Run(name);
            theirs[i] = peer.Run(name);
            ratios[i] = theirs[i] / ours[i];
        }

        string row = string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {Median(ours):F2} | {Median(theirs):F2} | {Median(ratios):F2} |");
        Console.WriteLine(row);
    }

    /// <summary>The upper median.</summary>
    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
