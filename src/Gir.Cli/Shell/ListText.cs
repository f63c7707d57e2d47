namespace Gir.Cli.Shell;

/// <summary>Lists in one text, whose members may hold lists of their own in parentheses.</summary>
internal static class ListText
{
    /// <summary>Splits at the commas outside parentheses; members without text are left out.</summary>
    public static IEnumerable<string> Split(string list)
    {
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= list.Length; i++)
        {
            char c = i < list.Length ? list[i] : ',';
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (i < list.Length && (c != ',' || depth > 0))
                continue;
            string name = list[start..i].Trim();
            start = i + 1;
            if (name.Length > 0)
                yield return name;
        }
    }
}
