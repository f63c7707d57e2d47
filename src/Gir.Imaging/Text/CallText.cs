namespace Gir.Imaging.Text;

/// <summary>A text such as "gaussian(sigma=1.5)": a name and its settings; a name alone has none.</summary>
/// <param name="Name">The name, without blanks around it.</param>
/// <param name="Settings">Keys and values in their order, without blanks around them; keys are distinct.</param>
internal sealed record CallText(string Name, IReadOnlyList<KeyValuePair<string, string>> Settings)
{
    /// <summary>Reads a text. A value may be a call itself: what stands in parentheses belongs together.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fault">Makes the exception of a message that tells text, finding and expectation.</param>
    public static CallText Parse(string text, Func<string, Exception> fault)
    {
        string shown = Suggestion.Shortened(text);
        string call = text.Trim();
        int open = call.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return new CallText(call, []);
        if (!call.EndsWith(')') || Split(call, ',').Count != 1)
            throw fault($"'{shown}': expected a closing parenthesis at the end, as in gaussian(sigma=1).");
        var settings = new List<KeyValuePair<string, string>>();
        foreach (string part in Split(call[(open + 1)..^1], ','))
        {
            string[] sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides.Length != 2 || sides[0].Length == 0 || sides[1].Length == 0)
                throw fault($"'{shown}': '{Suggestion.Shortened(part)}' is no setting; expected key=value.");
            if (settings.Exists(s => s.Key == sides[0]))
                throw fault($"'{shown}': the setting '{Suggestion.Shortened(sides[0])}' is given twice.");
            settings.Add(KeyValuePair.Create(sides[0], sides[1]));
        }

        return new CallText(call[..open].TrimEnd(), settings);
    }

    /// <summary>The parts between the separators that stand in no parentheses, without blanks around them and without those that are empty.</summary>
    public static IReadOnlyList<string> Split(string list, char separator)
    {
        var parts = new List<string>();
        (int start, int depth) = (0, 0);
        for (int i = 0; i <= list.Length; i++)
        {
            char c = i < list.Length ? list[i] : separator;
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (i < list.Length && (c != separator || depth > 0))
                continue;
            string part = list[start..i].Trim();
            start = i + 1;
            if (part.Length > 0)
                parts.Add(part);
        }

        return parts;
    }
}
