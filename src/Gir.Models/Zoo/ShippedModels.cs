using System.Reflection;
using Gir.Models.Restoration;
using Gir.Models.Serialization;

namespace Gir.Models.Zoo;

/// <summary>Checkpoints that come with the package, as safetensors files in its assembly.</summary>
/// <param name="names">Their names.</param>
/// <param name="open">Opens the file of a name.</param>
internal sealed class ShippedModels(IReadOnlyList<string> names, Func<string, Stream> open)
{
    private const string Prefix = "Gir.Models.Zoo.Shipped.";
    private const string Suffix = ".safetensors";

    public static ShippedModels OfPackage { get; } = In(typeof(ShippedModels).Assembly, Prefix);

    public IReadOnlyList<string> Names => names;

    public static ShippedModels In(Assembly assembly, string prefix) => new(
        [
            .. assembly.GetManifestResourceNames()
                .Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
                .Select(n => n[prefix.Length..^Suffix.Length])
                .Order(StringComparer.Ordinal),
        ],
        name => assembly.GetManifestResourceStream(prefix + name + Suffix)!);

    public NetworkRestorer Load(string name, ModelZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(name);
        string known = names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new ArgumentException(
            $"The package carries no model '{name}'; expected {(names.Count > 0 ? "one of " + string.Join(", ", names) : "none: this build carries no models")}.", nameof(name));
        using Stream stream = open(known);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        string source = known + Suffix;
        return ModelZoo.Restorer(Checkpoint.Read(content.ToArray(), source, options.Limits), source, options with { Name = options.Name ?? known });
    }
}
