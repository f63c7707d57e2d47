namespace Gir.Cli.Shell;

/// <summary>Numbers of things in words.</summary>
internal static class Words
{
    /// <summary>"1 image", "2 images".</summary>
    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
