using System.Diagnostics;
using System.Globalization;

namespace Gir.Benchmarks.Versions;

/// <summary>This build as a peer of another: told a case's name it answers with the nanoseconds that the case takes, or -1 where it has none of that name.</summary>
internal static class VersionServer
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(15);

    public static void Run(TextReader input, TextWriter output)
    {
        // All builds take turns on one core: cores differ, as long as a neighbor has the half of one.
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            Process.GetCurrentProcess().ProcessorAffinity = 1;
        var cases = new VersionCases();
        string warmed = "";
        while (input.ReadLine() is string name)
        {
            long nanoseconds = -1;
            if (cases.Find(name) is Action run)
            {
                if (warmed != name)
                    Repeat(run, WarmUp);
                warmed = name;
                nanoseconds = Measure(run);
            }

            output.WriteLine(nanoseconds.ToString(CultureInfo.InvariantCulture));
            output.Flush();
        }
    }

    // A first, uncounted call: the other build has just had the caches.
    private static long Measure(Action run)
    {
        run();
        (TimeSpan total, int times) = Repeat(run, Shortest);
        return (long)(total.TotalNanoseconds / times);
    }

    private static (TimeSpan Total, int Times) Repeat(Action run, TimeSpan atLeast)
    {
        long start = Stopwatch.GetTimestamp();
        int times = 0;
        TimeSpan total;
        do
        {
            run();
            times++;
            total = Stopwatch.GetElapsedTime(start);
        }
        while (total < atLeast);
        return (total, times);
    }
}
