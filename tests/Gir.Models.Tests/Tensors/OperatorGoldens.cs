using System.Text.Json;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>PyTorch's outputs and gradients of every operator, and the check of an engine against them.</summary>
internal static class OperatorGoldens
{
    private static readonly SafeTensors s_file = SafeTensors.Load(TestData.Golden("models", "ops.safetensors"));
    private static readonly JsonElement s_entries = JsonDocument.Parse(s_file.Metadata["entries"]).RootElement;

    public static IEnumerable<string> Names => s_entries.EnumerateObject().Select(e => e.Name);

    /// <summary>Runs one entry, forward and backward.</summary>
    public static void Check(string name, TensorBackend backend)
    {
        JsonElement entry = s_entries.GetProperty(name);
        var call = new OperatorCall(name, entry.GetProperty("attrs"), s_file, backend);
        Tensor[] outputs = call.Run();

        double tolerance = entry.GetProperty("tolerance").GetDouble();
        Tensor? loss = null;
        for (int i = 0; i < outputs.Length; i++)
        {
            string key = name + ".out" + (i == 0 ? "" : "." + i);
            Assert.That(outputs[i].Shape.Sizes.ToArray(), Is.EqualTo(s_file.Shape(key)), key);
            AssertClose(outputs[i].ToArray(), s_file.Numbers(key), tolerance, key);
            string weight = name + ".w" + (i == 0 ? "" : "." + i);
            if (s_file.Contains(weight))
            {
                Tensor part = (outputs[i] * Tensor.From(s_file.Floats(weight), outputs[i].Shape, backend)).Sum();
                loss = loss is null ? part : loss + part;
            }
        }

        Assert.That(s_file.Contains($"{name}.out.{outputs.Length}"), Is.False, "The golden has more outputs.");
        string[] gradients = [.. s_file.Names.Where(n => n.StartsWith(name + ".grad.", StringComparison.Ordinal))];
        if (gradients.Length == 0)
            return;
        loss!.Backward();
        double gradientTolerance = entry.GetProperty("gradient_tolerance").GetDouble();
        foreach (string key in gradients)
        {
            Tensor leaf = call.Leaves[key[(name.Length + 6)..]];
            Assert.That(leaf.Gradient, Is.Not.Null, key);
            AssertClose(leaf.Gradient!.ToArray(), s_file.Numbers(key), gradientTolerance, key);
        }
    }

    private static void AssertClose(float[] actual, double[] expected, double tolerance, string what)
    {
        double scale = expected.Length == 0 ? 1 : expected.Max(Math.Abs);
        Assert.That(Images.MaxDifference(actual, expected), Is.LessThanOrEqualTo(tolerance * Math.Max(scale, 1e-30)), what);
    }
}
