using Orleans.Runtime;

namespace Gir.Evaluation.Orleans.Messages;

/// <summary>Which silo, and which run: the silo is in the key, so that a desk is always placed there.</summary>
internal static class DeskKey
{
    private const char Separator = '/';

    public static string Of(string silo, string run) => $"{silo}{Separator}{run}";

    /// <summary>The silo that a key names; null where it names none.</summary>
    public static SiloAddress? Silo(string? key)
    {
        int end = key?.IndexOf(Separator, StringComparison.Ordinal) ?? -1;
        if (end < 0)
            return null;
        try
        {
            return SiloAddress.FromParsableString(key![..end]);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
