using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>A file's place below a folder, as records name it: "a.png", "night/a.png". Records may be hostile, so it can never leave the folder.</summary>
internal static class RelativeFile
{
    private const int Longest = 4096;

    /// <summary>What is wrong with a name; null: nothing.</summary>
    public static string? Fault(string file)
    {
        if (file.Length is 0 or > Longest)
            return $"found {file.Length} characters, expected a file name of 1..{Longest}.";
        // Both separators on every system: what is a name here may be a path elsewhere.
        bool leaves = Path.IsPathRooted(file) || file.Split('/', '\\').Any(part => part is "" or "." or "..");
        return leaves || file.Any(char.IsControl) || !PipelineRules.IsWellFormed(file)
            ? $"found '{Suggestion.Shortened(file)}', expected the name of a file below the folder of the records, with '/' between folders."
            : null;
    }
}
