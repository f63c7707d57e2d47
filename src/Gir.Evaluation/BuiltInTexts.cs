using Gir.Imaging.Text;

namespace Gir.Evaluation;

/// <summary>JSON texts of one kind that come with the package, beside those in files.</summary>
internal sealed class BuiltInTexts
{
    private const string Suffix = ".json";

    private readonly string _prefix;
    private readonly string _kind;
    private readonly int _longest;

    /// <summary>The texts of a kind.</summary>
    /// <param name="prefix">What their resources' names begin with, up to the text's own name.</param>
    /// <param name="kind">What one is, e.g. "gate".</param>
    /// <param name="longest">Most bytes of a text.</param>
    public BuiltInTexts(string prefix, string kind, int longest)
    {
        (_prefix, _kind, _longest) = (prefix, kind, longest);
        Names =
        [
            .. typeof(BuiltInTexts).Assembly.GetManifestResourceNames()
                .Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
                .Select(n => n[prefix.Length..^Suffix.Length])
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The names of those that come with the package, in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>A text by name, or a file's.</summary>
    /// <exception cref="EvaluationException">There is neither, or it is too long.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string Load(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        using Stream? resource = typeof(BuiltInTexts).Assembly.GetManifestResourceStream(_prefix + nameOrPath + Suffix);
        if (resource is not null)
            return Read(resource, nameOrPath);
        if (!File.Exists(nameOrPath))
            throw new EvaluationException($"There is no {_kind} '{nameOrPath}', and no such file; expected {string.Join(", ", Names)} or a JSON file.");
        using FileStream file = File.OpenRead(nameOrPath);
        return Read(file, nameOrPath);
    }

    private string Read(Stream stream, string source) =>
        BoundedText.Read(stream, _longest) ?? throw new EvaluationException($"{source}: not a {_kind}: expected at most {_longest} bytes.");
}
