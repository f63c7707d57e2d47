using System.Text;

namespace Gir.Imaging.Text;

/// <summary>The words by which expressions and JSON name an enumeration's members: GeneralizedGaussian is "generalized-gaussian".</summary>
internal static class ChoiceWords<TEnum>
    where TEnum : struct, Enum
{
    private static readonly TEnum[] s_values = Enum.GetValues<TEnum>();
    private static readonly string[] s_words = System.Array.ConvertAll(Enum.GetNames<TEnum>(), Kebab);

    public static IReadOnlyList<string> Words => s_words;

    public static string WordOf(TEnum value)
    {
        int index = System.Array.IndexOf(s_values, value);
        return index >= 0 ? s_words[index] : value.ToString();
    }

    public static TEnum Parse(string word)
    {
        int index = System.Array.IndexOf(s_words, word);
        return index >= 0
            ? s_values[index]
            : throw new InvalidOperationException($"'{word}' is none of {string.Join(", ", s_words)}.");
    }

    private static string Kebab(string name)
    {
        // A proper name, which nobody writes with a hyphen.
        if (name == "OpenCv")
            return "opencv";
        var word = new StringBuilder(name.Length + 4);
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
                word.Append('-');
            word.Append(char.ToLowerInvariant(name[i]));
        }

        return word.ToString();
    }
}
