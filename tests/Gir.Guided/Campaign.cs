using System.Diagnostics;
using System.Globalization;
using Gir.Soak.Fuzz;
using SharpFuzz;

namespace Gir.Guided;

/// <summary>A campaign of AFL++ against one reader: a copy of this program whose libraries count branches, a corpus, and <c>afl-fuzz</c>.</summary>
internal static class Campaign
{
    /// <summary>Bytes of the map of branches, as SharpFuzz makes it.</summary>
    public const int MapSize = 1 << 16;

    // The machinery itself would only be noise in the map of branches.
    private static readonly string[] s_plain = ["Gir.Guided.dll", "Gir.Soak.dll", "Gir.Cli.dll", "Gir.Reports.dll"];

    private static readonly (string Name, string Value)[] s_environment =
    [
        ("AFL_SKIP_BIN_CHECK", "1"), // The program is no binary of a compiler of AFL++.
        ("AFL_SKIP_CPUFREQ", "1"),
        ("AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1"),
        ("AFL_NO_AFFINITY", "1"),
        ("AFL_NO_UI", "1"),
        ("AFL_AUTORESUME", "1"),
        ("AFL_FORKSRV_INIT_TMOUT", "120000"),
        ("AFL_MAP_SIZE", MapSize.ToString(CultureInfo.InvariantCulture)),
        ("DOTNET_EnableDiagnostics", "0"),
    ];

    /// <summary>Runs a campaign for some time.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="output">A folder for program, corpus and findings, one for each reader in it.</param>
    /// <returns>The exit code: 1 when there are findings.</returns>
    public static int Run(FuzzReader reader, int seconds, string output)
    {
        string folder = Path.GetFullPath(Path.Combine(output, reader.Name));
        string program = Path.Combine(folder, "program");
        string corpus = Path.Combine(folder, "corpus");
        string findings = Path.Combine(folder, "findings");
        Instrument(program);
        Directory.CreateDirectory(corpus);
        for (int i = 0; i < reader.Corpus.Count; i++)
            File.WriteAllBytes(Path.Combine(corpus, string.Create(CultureInfo.InvariantCulture, $"{i:000}")), reader.Corpus[i]);

        var start = new ProcessStartInfo("afl-fuzz", ["-i", corpus, "-o", findings, "-t", "20000", "-V", seconds.ToString(CultureInfo.InvariantCulture), "--", "dotnet", Path.Combine(program, "Gir.Guided.dll"), "target", reader.Name]);
        foreach ((string name, string value) in s_environment)
            start.Environment[name] = value;
        using (Process fuzzer = Process.Start(start)!)
            fuzzer.WaitForExit();

        string told = Path.Combine(findings, "default", "fuzzer_stats");
        if (!File.Exists(told))
        {
            Console.Error.WriteLine("afl-fuzz did not begin.");
            return 2;
        }

        Dictionary<string, string> stats = File.ReadLines(told).Select(l => l.Split(':', 2)).ToDictionary(p => p[0].Trim(), p => p[1].Trim());
        Console.WriteLine("| reader | files | executions | seconds | files kept | branches | crashes | too slow |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        Console.WriteLine($"| {reader.Name} | {reader.Corpus.Count} | {stats["execs_done"]} | {stats["run_time"]} | {stats["corpus_count"]} | {stats["edges_found"]} | {stats["saved_crashes"]} | {stats["saved_hangs"]} |");
        return stats["saved_crashes"] == "0" && stats["saved_hangs"] == "0" ? 0 : 1;
    }

    /// <summary>A copy of the program whose libraries tell AFL++ which branches were taken.</summary>
    private static void Instrument(string program)
    {
        Directory.CreateDirectory(program);
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)), overwrite: true);
        foreach (string library in Directory.GetFiles(program, "Gir.*.dll").Where(l => !s_plain.Contains(Path.GetFileName(l))))
            Fuzzer.Instrument(library, _ => true, Options.Value);
    }
}
