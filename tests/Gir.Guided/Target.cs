using System.Runtime.InteropServices;
using Gir.Soak.Fuzz;
using SharpFuzz;
using SharpFuzz.Common;

namespace Gir.Guided;

/// <summary>What AFL++ runs: a reader, which says by an exception that a file is neither read nor refused as documented, in bounded time and memory.</summary>
internal static class Target
{
    private static readonly string s_path = Path.Combine(Path.GetTempPath(), $"gir-guided-{Environment.ProcessId}");

    /// <summary>Gives libraries that count branches memory to count in, until AFL++ lends its own: without any, the first branch ends the process.</summary>
    public static unsafe void Prepare() => Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Campaign.MapSize);

    /// <summary>Reads whatever AFL++ hands over, in a process that is started again when it dies.</summary>
    public static void Run(FuzzReader reader) => Fuzzer.OutOfProcess.Run(stream =>
    {
        var file = new MemoryStream();
        stream.CopyTo(file);
        if (Try(reader, file.ToArray()).Problem is { } problem)
            throw new InvalidOperationException(problem);
    });

    /// <summary>Tells how each file ends.</summary>
    /// <returns>The exit code: 1 when there was a problem.</returns>
    public static int Again(FuzzReader reader, IEnumerable<string> paths)
    {
        int code = 0;
        foreach (string path in paths)
        {
            FuzzOutcome outcome = Try(reader, File.ReadAllBytes(path));
            Console.WriteLine($"{path}: {outcome.Problem ?? outcome.End.ToString()}, {outcome.Time.TotalMilliseconds:0} ms, {outcome.Bytes >> 20} MiB");
            if (outcome.Problem is not null)
                code = 1;
        }

        File.Delete(s_path);
        return code;
    }

    // AFL++ knows nothing of checksums: what it changes would not get past them.
    private static FuzzOutcome Try(FuzzReader reader, byte[] file) => FuzzOutcome.Of(reader, reader.Mend?.Invoke(file) ?? file, s_path);
}
