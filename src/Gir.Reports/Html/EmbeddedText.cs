namespace Gir.Reports.Html;

/// <summary>Style sheets and scripts that an assembly carries.</summary>
internal static class EmbeddedText
{
    /// <summary>Reads one, with the line ends that a browser reads: a checkout may write others, and a policy's hash is of these.</summary>
    /// <param name="owner">A type of the assembly.</param>
    /// <param name="name">The resource's name.</param>
    public static string Read(Type owner, string name)
    {
        using Stream stream = owner.Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
