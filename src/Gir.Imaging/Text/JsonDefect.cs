using System.Globalization;
using System.Text.Json;

namespace Gir.Imaging.Text;

/// <summary>What makes a syntactically right JSON text unfit to be read.</summary>
/// <param name="Path">The place, seen from the value that was looked through: ".steps[3]", or empty for that value itself.</param>
/// <param name="Message">What was found and what was expected.</param>
internal sealed record JsonDefect(string Path, string Message)
{
    /// <summary>The first defect of a value and of all that it holds; null where there is none.</summary>
    /// <param name="element">The value; no deeper than the parser allowed.</param>
    /// <param name="allowsNull">Whether null is none.</param>
    public static JsonDefect? FirstIn(JsonElement element, bool allowsNull)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return FirstInObject(element, allowsNull);
            case JsonValueKind.Array:
                int i = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (FirstIn(item, allowsNull) is { } defect)
                        return defect.Below(string.Create(CultureInfo.InvariantCulture, $"[{i}]"));
                    i++;
                }

                return null;
            case JsonValueKind.String:
                return IsUnicode(element) ? null : new JsonDefect("", "the string is no Unicode: found half a surrogate pair, or damaged UTF-8.");
            case JsonValueKind.Number:
                return double.IsFinite(element.GetDouble())
                    ? null
                    : new JsonDefect("", $"found {Suggestion.Shortened(element.GetRawText())}, expected a finite number.");
            case JsonValueKind.Null:
                return allowsNull ? null : new JsonDefect("", "found null, expected a value.");
            default:
                return null;
        }
    }

    private static JsonDefect? FirstInObject(JsonElement element, bool allowsNull)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
                return new JsonDefect("", "the name of a property is no Unicode: found half a surrogate pair, or damaged UTF-8.");
            if (!seen.Add(name))
                return new JsonDefect("", $"property '{Suggestion.Shortened(name)}' stands twice.");
            if (FirstIn(property.Value, allowsNull) is { } defect)
                return defect.Below($".{Suggestion.Shortened(name)}");
        }

        return null;
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsUnicode(JsonElement text)
    {
        try
        {
            _ = text.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private JsonDefect Below(string step) => this with { Path = step + Path };
}
