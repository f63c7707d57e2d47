using System.Diagnostics;

namespace Gir.Soak.Fuzz;

/// <summary>How a run ended.</summary>
/// <param name="End">The end.</param>
/// <param name="Problem">What is wrong; null: nothing.</param>
/// <param name="Time">How long the reader took.</param>
/// <param name="Bytes">What it allocated.</param>
internal readonly record struct FuzzOutcome(FuzzEnd End, string? Problem, TimeSpan Time, long Bytes)
{
    /// <summary>The most time that a file may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    // Far above what was ever seen, far below what a believed lie takes.
    private const long MostBytes = 512L << 20;

    /// <summary>Has a file read.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="file">The file.</param>
    /// <param name="path">A path of the thread's own.</param>
    public static FuzzOutcome Of(FuzzReader reader, byte[] file, string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        FuzzEnd end = FuzzEnd.Failed;
        string? problem = null;
        try
        {
            reader.Read(file, path);
            end = FuzzEnd.Read;
        }
        catch (Exception e) when (reader.IsRefusal(e))
        {
            end = FuzzEnd.Refused;
            if (string.IsNullOrWhiteSpace(e.Message))
                problem = "a refusal without a word";
        }
        catch (Exception e)
        {
            problem = $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} {e.StackTrace?.Split('\n')[0].Trim()}";
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (time > Longest)
            problem ??= $"{time.TotalSeconds:0.0} s for {file.Length} bytes";
        if (bytes > MostBytes)
            problem ??= $"{bytes >> 20} MiB for {file.Length} bytes";
        return new FuzzOutcome(problem is null ? end : FuzzEnd.Failed, problem, time, bytes);
    }
}

/// <summary>The ways in which a run ends.</summary>
internal enum FuzzEnd
{
    Read,
    Refused,
    Failed,
}
