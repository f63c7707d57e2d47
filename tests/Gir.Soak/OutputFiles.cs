namespace Gir.Soak;

/// <summary>What a command has left in its folder.</summary>
internal static class OutputFiles
{
    /// <summary>What differs between the files of two folders, hidden ones and those of subfolders included; null: nothing.</summary>
    /// <param name="whole">The folder of a run that nothing disturbed.</param>
    /// <param name="output">The other.</param>
    /// <param name="pattern">Which files.</param>
    public static string? Difference(string whole, string output, string pattern = "*")
    {
        string[] there = Names(whole, pattern);
        string[] here = Names(output, pattern);
        if (!there.SequenceEqual(here))
            return $"other files: {string.Join(", ", there.Except(here).Select(f => "-" + f).Concat(here.Except(there).Select(f => "+" + f)))}";
        return there.FirstOrDefault(f => !File.ReadAllBytes(Path.Combine(whole, f)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(output, f)))) is { } other ? $"{other} differs" : null;
    }

    private static string[] Names(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
}
