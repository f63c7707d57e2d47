namespace Gir.Evaluation;

/// <summary>Names by which results are kept.</summary>
internal static class Names
{
    /// <exception cref="ArgumentException">Two are the same.</exception>
    public static void RequireDistinct(IEnumerable<string> names, string kind, string argument, string besides = "")
    {
        string? twice = names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"There are two {kind}s named '{twice}'; names must be distinct{besides}.", argument);
    }
}
