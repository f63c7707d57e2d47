using System.Globalization;

namespace Gir.Cli.Shell;

/// <summary>How many files the system lets this process open.</summary>
/// <remarks>
/// Every assembly is a file. Where the last one that is allowed is opened by a thread of the runtime's own, the process ends with an abort, or does not, as the threads
/// happen to run: so it is asked once, before there are any.
/// </remarks>
internal static class OpenFileLimit
{
    /// <summary>What all of the tool's parts take, about 90, and some for its work.</summary>
    public const int Least = 128;

    private const string Line = "Max open files";

    /// <summary>What to tell where too few are allowed; null where they are enough, or where the system does not say.</summary>
    /// <param name="limits">Where Linux tells a process its limits.</param>
    public static string? Complaint(string limits = "/proc/self/limits")
    {
        if (!File.Exists(limits))
            return null;
        foreach (string line in File.ReadAllLines(limits))
        {
            if (line.StartsWith(Line, StringComparison.Ordinal)
                && line[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [string soft, ..]
                && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int files) && files < Least)
            {
                return string.Create(CultureInfo.InvariantCulture, $"Only {files} files may be open; gir takes {Least} (ulimit -n {Least}).");
            }
        }

        return null;
    }
}
