using System.Text.Json;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tests.Backbones;

namespace Gir.Models.Tests.Generative;

/// <summary>How UGPNet's goldens compare gradients: relative to each one's largest value, or to a thousandth of the largest of all.</summary>
internal static class UgpNetGoldens
{
    public static void AssertGradients(ModelGolden golden, Module module, params (string Name, Tensor Leaf)[] inputs) =>
        AssertGradients(golden, module, "grad.", inputs);

    public static void AssertGradients(ModelGolden golden, Module module, string prefix, params (string Name, Tensor Leaf)[] inputs)
    {
        Dictionary<string, Tensor> leaves = module.NamedParameters().ToDictionary(p => p.Key, p => p.Value);
        foreach ((string name, Tensor leaf) in inputs)
            leaves[name] = leaf;
        HashSet<string> rounding = [.. Listed(golden, "rounding_only")];
        string[] names = [.. golden.Data.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !rounding.Contains(n[prefix.Length..]))];
        Assert.That(names, Is.Not.Empty);
        double largest = names.Max(n => golden.Data.Numbers(n).Max(Math.Abs));
        foreach (string name in names)
        {
            double[] expected = golden.Data.Numbers(name);
            Tensor? gradient = leaves[name[prefix.Length..]].Gradient;
            Assert.That(gradient, Is.Not.Null, name);
            double error = Images.MaxDifference(gradient!.ToArray(), expected) / Math.Max(expected.Max(Math.Abs), 1e-3 * largest);
            Assert.That(error, Is.LessThanOrEqualTo(golden.GradientTolerance), name);
        }

        foreach (string name in Listed(golden, "unused").Concat(Listed(golden, "zero")))
        {
            if (leaves[name].Gradient is { } gradient)
                Assert.That(gradient.ToArray(), Is.All.Zero, name);
        }
    }

    private static string[] Listed(ModelGolden golden, string what) => golden.Data.Metadata.TryGetValue(what, out string? json)
        ? [.. JsonDocument.Parse(json).RootElement.EnumerateArray().Select(e => e.GetString()!)]
        : [];
}
