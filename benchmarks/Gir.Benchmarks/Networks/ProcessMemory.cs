using System.Globalization;

namespace Gir.Benchmarks.Networks;

/// <summary>The resident set of this process, as Linux counts it; zero elsewhere.</summary>
internal static class ProcessMemory
{
    /// <summary>Bytes resident now.</summary>
    public static long Resident => Read("VmRSS:");

    /// <summary>Largest number of bytes resident since <see cref="ResetPeak"/>, or since the process began where that is not permitted.</summary>
    public static long Peak => Read("VmHWM:");

    /// <summary>Starts a new measurement of the peak.</summary>
    public static void ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The peak then covers the whole life of the process: too much rather than too little.
        }
    }

    private static long Read(string key)
    {
        if (!File.Exists("/proc/self/status"))
            return 0;
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(key.Length).TrimEnd("kB"), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
    }
}
