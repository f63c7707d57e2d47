namespace Gir.Imaging.Text;

/// <summary>Helps a reader of an error message to the name he meant.</summary>
internal static class Suggestion
{
    /// <summary>"one of a, b, c" and, where one is near, " (did you mean 'b'?)".</summary>
    public static string Among(string found, IReadOnlyList<string> known)
    {
        if (known.Count == 0)
            return "none";
        string list = known.Count == 1 ? $"'{known[0]}'" : $"one of {string.Join(", ", known)}";
        return Nearest(found, known) is { } nearest ? $"{list} (did you mean '{nearest}'?)" : list;
    }

    /// <summary>The known name that was probably meant, or null.</summary>
    public static string? Nearest(string found, IReadOnlyList<string> known)
    {
        // Distances cost time quadratic in the length, and no long text is a misspelt name.
        if (known.Count == 0 || found.Length is 0 or > 64)
            return null;
        string nearest = known.MinBy(k => Distance(found.ToLowerInvariant(), k))!;
        int distance = Distance(found.ToLowerInvariant(), nearest);
        return distance <= Math.Max(1, nearest.Length / 3) || nearest.StartsWith(found, StringComparison.OrdinalIgnoreCase) ? nearest : null;
    }

    /// <summary>Foreign text as it may stand in a message: its first characters.</summary>
    public static string Shortened(string found, int most = 64) => found.Length <= most ? found : found[..most] + "...";

    /// <summary>Edits (insertion, deletion, substitution, exchange of neighbors) from one word to another: optimal string alignment.</summary>
    private static int Distance(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }

                int substitution = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int best = Math.Min(substitution, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, distance[i - 2, j - 2] + 1);
                distance[i, j] = best;
            }
        }

        return distance[a.Length, b.Length];
    }
}
