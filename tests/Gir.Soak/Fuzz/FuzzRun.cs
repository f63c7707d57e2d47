using System.Diagnostics;

namespace Gir.Soak.Fuzz;

/// <summary>Damages files of every kind, and reads them: they are read or refused in words, in bounded time and memory.</summary>
/// <remarks>Run n of a seed is the same whatever was run before it, so that one failure is made again by <c>--reader NAME --from n --runs 1</c>.</remarks>
internal static class FuzzRun
{
    // What is lost when the program is killed.
    private const int Block = 10_000;

    private const string InMemory = "/dev/shm";

    /// <summary>Makes runs of all readers, or one.</summary>
    /// <param name="log">Where failures go, and a table.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="from">The first run.</param>
    /// <param name="runs">The runs of each reader, those in <paramref name="state"/> included.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="reader">The reader's name; null: all.</param>
    /// <param name="state">A folder that keeps what was counted, and from which an earlier call goes on; null: none.</param>
    public static void All(SoakLog log, ulong seed, int from, int runs, int threads, string? reader, string? state)
    {
        if (state is not null)
            Directory.CreateDirectory(state);
        // A disk would take most of the time of readers that want a path.
        string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists(InMemory) ? InMemory : Path.GetTempPath(), $"gir-soak-{Environment.ProcessId}")).FullName;
        log.Tell("| reader | files | runs | read | refused | failed | longest, ms | most memory, MiB |");
        log.Tell("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (FuzzReader one in FuzzReader.All().Where(r => reader is null || r.Name == reader))
        {
            string? kept = state is null ? null : Path.Combine(state, one.Name + ".json");
            FuzzTally tally = FuzzTally.Open(kept, seed, from);
            while (tally.Next < from + runs)
            {
                int end = Math.Min(tally.Next + Block, from + runs);
                Run(log, one, tally, end, threads, folder);
                tally.Next = end;
                if (kept is not null)
                    tally.Save(kept);
            }

            log.Tell(tally.Row(one));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Run(SoakLog log, FuzzReader reader, FuzzTally tally, int end, int threads, string folder)
    {
        int next = tally.Next;
        // What each thread is at, and since when; a damaged file may be most of one that is read, so that each has a path of its own, too.
        var at = new (int Number, long Since)?[threads];
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            string path = Path.Combine(folder, $"file-{t}");
            for (int i = Interlocked.Increment(ref next) - 1; i < end; i = Interlocked.Increment(ref next) - 1)
            {
                Set(t, (i, Stopwatch.GetTimestamp()));
                Once(log, reader, tally, i, path);
            }

            Set(t, null);
        }))];
        foreach (Thread worker in workers)
            worker.Start();
        for (int t = 0; t < threads; t++)
        {
            while (!workers[t].Join(FuzzOutcome.Longest))
                RequireProgress(log, reader, at);
        }

        void Set(int thread, (int Number, long Since)? what)
        {
            lock (at)
                at[thread] = what;
        }
    }

    /// <summary>No thread can be stopped from outside: the program ends with the name of a run that does not.</summary>
    private static void RequireProgress(SoakLog log, FuzzReader reader, (int Number, long Since)?[] at)
    {
        lock (at)
        {
            // A run that is only late is told of when it ends.
            if (at.FirstOrDefault(a => a is { } one && Stopwatch.GetElapsedTime(one.Since) > 3 * FuzzOutcome.Longest) is { } endless)
            {
                log.Fail($"{reader.Name}, run {endless.Number} does not end");
                Environment.Exit(1);
            }
        }
    }

    private static void Once(SoakLog log, FuzzReader reader, FuzzTally tally, int number, string path)
    {
        FuzzOutcome outcome = FuzzOutcome.Of(reader, reader.DamagedFile(tally.Seed, number), path);
        if (outcome.Problem is { } problem)
            log.Fail($"{reader.Name}, seed {tally.Seed}, run {number}: {problem}");
        tally.Note(outcome);
    }
}
