using System.Diagnostics;
using System.Globalization;
using Gir.Imaging.Random;

namespace Gir.Soak.Fuzz;

/// <summary>Damages files of every kind, and reads them: they are read or refused in words, in bounded time and memory.</summary>
/// <remarks>Run n of a seed is the same whatever was run before it, so that one failure is made again by <c>--reader NAME --from n --runs 1</c>.</remarks>
internal static class FuzzRun
{
    // Far above what was ever seen, far below what a believed lie takes.
    private const long MostBytes = 512L << 20;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    public static void All(SoakLog log, ulong seed, int from, int runs, int threads, string? reader)
    {
        log.Tell("| reader | files | runs | read | refused | longest, ms | most memory, MiB | seconds |");
        log.Tell("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (FuzzReader one in FuzzReader.All().Where(r => reader is null || r.Name == reader))
            log.Tell(Run(log, one, seed, from, runs, threads));
    }

    private static string Run(SoakLog log, FuzzReader reader, ulong seed, int from, int runs, int threads)
    {
        // A damaged file may be most of one that is read: each thread has a path of its own.
        string folder = Directory.CreateTempSubdirectory("gir-soak-").FullName;
        var outcome = new Outcome();
        long start = Stopwatch.GetTimestamp();
        int next = from;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            string path = Path.Combine(folder, $"file-{t}");
            for (int i = Interlocked.Increment(ref next) - 1; i < from + runs; i = Interlocked.Increment(ref next) - 1)
                Once(log, reader, seed, i, path, outcome);
        }))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        Directory.Delete(folder, recursive: true);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {reader.Name} | {reader.Corpus.Count} | {runs} | {outcome.Read} | {outcome.Refused} | {outcome.Longest.TotalMilliseconds:0} | {outcome.Most / 1048576.0:0.0} | {Stopwatch.GetElapsedTime(start).TotalSeconds:0} |");
    }

    private static void Once(SoakLog log, FuzzReader reader, ulong seed, int number, string path, Outcome outcome)
    {
        var random = new PhiloxRandom(Philox4x32.DeriveSeed(seed, reader.Name), (uint)number);
        byte[] original = reader.Corpus[random.NextInteger(0, reader.Corpus.Count - 1)];
        byte[] other = reader.Corpus[random.NextInteger(0, reader.Corpus.Count - 1)];
        byte[] file = reader.Damage is null ? Mutator.Damage(original, other, reader.IsText, random) : reader.Damage(original, other, random);
        if (reader.Mend is not null && random.NextBoolean(0.7))
            file = reader.Mend(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        bool read = false;
        try
        {
            reader.Read(file, path);
            read = true;
        }
        catch (Exception e) when (reader.IsRefusal(e))
        {
            if (string.IsNullOrWhiteSpace(e.Message))
                log.Fail($"{reader.Name}, seed {seed}, run {number}: a refusal without a word");
        }
        catch (Exception e)
        {
            log.Fail($"{reader.Name}, seed {seed}, run {number}: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} {e.StackTrace?.Split('\n')[0].Trim()}");
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (time > s_longest)
            log.Fail($"{reader.Name}, seed {seed}, run {number}: {time.TotalSeconds:0.0} s for {file.Length} bytes");
        if (bytes > MostBytes)
            log.Fail($"{reader.Name}, seed {seed}, run {number}: {bytes >> 20} MiB for {file.Length} bytes");
        outcome.Note(read, time, bytes);
    }

    private sealed class Outcome
    {
        private readonly Lock _gate = new();

        public int Read { get; private set; }

        public int Refused { get; private set; }

        public TimeSpan Longest { get; private set; }

        public long Most { get; private set; }

        public void Note(bool read, TimeSpan time, long bytes)
        {
            lock (_gate)
            {
                if (read)
                    Read++;
                else
                    Refused++;
                Longest = time > Longest ? time : Longest;
                Most = Math.Max(Most, bytes);
            }
        }
    }
}
