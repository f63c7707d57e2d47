using System.Globalization;

namespace Gir.Benchmarks;

/// <summary>Options of a command, "--name value".</summary>
internal sealed class Arguments(IReadOnlyList<string> words)
{
    public bool Has(string name) => words.Contains(name);

    public string? Text(string name)
    {
        for (int i = 0; i + 1 < words.Count; i++)
        {
            if (words[i] == name)
                return words[i + 1];
        }

        return null;
    }

    public int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
