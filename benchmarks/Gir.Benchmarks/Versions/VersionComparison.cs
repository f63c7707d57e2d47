using System.Globalization;
using Gir.Benchmarks.Peers;

namespace Gir.Benchmarks.Versions;

/// <summary>This build of Gir against another, both as processes of their own, asked in turn (A B A B ..): whether a change has cost speed.</summary>
internal static class VersionComparison
{
    /// <summary>Compares with the benchmark program (Gir.Benchmarks.dll) of another build, on one thread.</summary>
    public static void Run(string other, int rounds, string? filter)
    {
        using PeerProcess before = PeerProcess.OfBuild(other);
        using PeerProcess after = PeerProcess.OfBuild(typeof(VersionComparison).Assembly.Location);
        Console.WriteLine("| case | before, median (best) ms | after, median (best) ms | after / before | of bests |\n|---|---:|---:|---:|---:|");
        foreach (string name in new VersionCases().Names.Where(n => filter is null || n.Contains(filter, StringComparison.Ordinal)))
        {
            if (before.Run(name) < 0)
            {
                Console.WriteLine($"| {name} | not there | | | |");
                continue;
            }

            after.Run(name);
            double[] old = new double[rounds];
            double[] now = new double[rounds];
            for (int i = 0; i < rounds; i++)
                (old[i], now[i]) = (before.Run(name), after.Run(name));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {Comparison.Median(old):F3} ({old.Min():F3}) | {Comparison.Median(now):F3} ({now.Min():F3}) | {Comparison.Median([.. now.Zip(old, (n, o) => n / o)]):F2} | {now.Min() / old.Min():F2} |"));
        }
    }
}
