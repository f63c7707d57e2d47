using System.Text.Json;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>Every operator, forward and backward, against PyTorch, on the fast engine and on the oracle.</summary>
public sealed class OperatorGoldenTests
{
    private static readonly SafeTensors File = SafeTensors.Load(TestData.Golden("models", "ops.safetensors"));
    private static readonly JsonElement Entries = JsonDocument.Parse(File.Metadata["entries"]).RootElement;

    public static IEnumerable<string> Names => Entries.EnumerateObject().Select(e => e.Name);

    private static IEnumerable<string> Convolutions => Names.Where(n => n.StartsWith("conv", StringComparison.Ordinal));

    [Test]
    public void There_are_213_entries() => Assert.That(Names.Count(), Is.EqualTo(213));

    [TestCaseSource(nameof(Names))]
    public void The_scalar_engine_equals_PyTorch(string name) => Check(name, new ScalarBackend());

    [TestCaseSource(nameof(Names))]
    public void The_fast_engine_equals_PyTorch(string name) => Check(name, new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1 }));

    [Test]
    public void Every_convolution_algorithm_equals_PyTorch(
        [ValueSource(nameof(Convolutions))] string name, [Values(ConvolutionAlgorithm.WinogradF2, ConvolutionAlgorithm.Direct)] ConvolutionAlgorithm algorithm) =>
        Check(name, new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1, Convolution = algorithm }));

    private static void Check(string name, TensorBackend backend)
    {
        JsonElement entry = Entries.GetProperty(name);
        var call = new OperatorCall(name, entry.GetProperty("attrs"), File, backend);
        Tensor[] outputs = call.Run();

        double tolerance = entry.GetProperty("tolerance").GetDouble();
        Tensor? loss = null;
        for (int i = 0; i < outputs.Length; i++)
        {
            string key = name + ".out" + (i == 0 ? "" : "." + i);
            Assert.That(outputs[i].Shape.Sizes.ToArray(), Is.EqualTo(File.Shape(key)), key);
            AssertClose(outputs[i].ToArray(), File.Numbers(key), tolerance, key);
            string weight = name + ".w" + (i == 0 ? "" : "." + i);
            if (File.Contains(weight))
            {
                Tensor part = (outputs[i] * Tensor.From(File.Floats(weight), outputs[i].Shape, backend)).Sum();
                loss = loss is null ? part : loss + part;
            }
        }

        Assert.That(File.Contains($"{name}.out.{outputs.Length}"), Is.False, "The golden has more outputs.");
        string[] gradients = [.. File.Names.Where(n => n.StartsWith(name + ".grad.", StringComparison.Ordinal))];
        if (gradients.Length == 0)
            return;
        loss!.Backward();
        double gradientTolerance = entry.GetProperty("gradient_tolerance").GetDouble();
        foreach (string key in gradients)
        {
            Tensor leaf = call.Leaves[key[(name.Length + 6)..]];
            Assert.That(leaf.Gradient, Is.Not.Null, key);
            AssertClose(leaf.Gradient!.ToArray(), File.Numbers(key), gradientTolerance, key);
        }
    }

    private static void AssertClose(float[] actual, double[] expected, double tolerance, string what)
    {
        double scale = expected.Length == 0 ? 1 : expected.Max(Math.Abs);
        Assert.That(Images.MaxDifference(actual, expected), Is.LessThanOrEqualTo(tolerance * Math.Max(scale, 1e-30)), what);
    }
}
