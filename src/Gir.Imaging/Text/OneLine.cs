namespace Gir.Imaging.Text;

/// <summary>Messages quote foreign text; they stay one line, whatever it holds.</summary>
internal static class OneLine
{
    /// <summary>The text with a blank for each control character.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
    }
}
