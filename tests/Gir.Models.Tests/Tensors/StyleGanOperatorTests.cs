using System.Text.Json;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>StyleGAN2's operators against PyTorch: values, gradients, and gradients of gradients.</summary>
public sealed class StyleGanOperatorTests
{
    private static readonly SafeTensors s_file = SafeTensors.Load(TestData.Golden("ugpnet", "ops.safetensors"));
    private static readonly JsonElement s_entries = JsonDocument.Parse(s_file.Metadata["entries"]).RootElement;

    private static IEnumerable<string> Names => s_entries.EnumerateObject().Select(e => e.Name);

    [Test]
    public void There_are_59_entries() => Assert.That(Names.Count(), Is.EqualTo(59));

    [TestCaseSource(nameof(Names))]
    public void The_fast_engine_equals_PyTorch(string name) => Check(name, new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1 }));

    [TestCaseSource(nameof(Names))]
    public void The_scalar_engine_equals_PyTorch(string name) => Check(name, new ScalarBackend());

    private static void Check(string name, TensorBackend backend)
    {
        JsonElement entry = s_entries.GetProperty(name);
        var call = new StyleGanCall(name, entry.GetProperty("attrs"), s_file, backend);
        Tensor output = call.Run();
        Compare(output, "out", "tolerance");
        Tensor loss = (output * Read("w")).Sum();
        string[] leaves = [.. call.Leaves.Keys.Where(k => s_file.Contains($"{name}.grad.{k}"))];
        bool second = entry.TryGetProperty("second", out JsonElement along);
        Tensor[] gradients;
        using (second ? default : Tape.NoGradient())
            gradients = Tape.Gradients(loss, [.. leaves.Select(k => call.Leaves[k])]);
        for (int i = 0; i < leaves.Length; i++)
            Compare(gradients[i], "grad." + leaves[i], "gradient_tolerance");
        if (!second)
            return;
        Tensor sum = Tensor.Zeros([], backend);
        foreach (JsonElement leaf in along.EnumerateArray())
            sum += (gradients[Array.IndexOf(leaves, leaf.GetString())] * Read("v." + leaf.GetString())).Sum();
        sum.Backward();
        string prefix = name + ".second.";
        foreach (string key in s_file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)))
        {
            // A bias that reaches the gradient through kinks alone has none here, where PyTorch writes zeros.
            if (call.Leaves[key[prefix.Length..]].Gradient is { } gradient)
                Compare(gradient, key[(name.Length + 1)..], "second_tolerance");
            else
                Assert.That(s_file.Numbers(key), Is.All.Zero, key);
        }

        Tensor Read(string what) => Tensor.From(s_file.Floats($"{name}.{what}"), TensorShape.Create(s_file.Shape($"{name}.{what}")), backend);

        void Compare(Tensor actual, string what, string tolerance)
        {
            double[] expected = s_file.Numbers($"{name}.{what}");
            Assert.That(actual.Shape.Sizes.ToArray(), Is.EqualTo(s_file.Shape($"{name}.{what}")), what);
            double allowed = entry.GetProperty(tolerance).GetDouble() * Math.Max(expected.Max(Math.Abs), 1e-30);
            Assert.That(Images.MaxDifference(actual.ToArray(), expected), Is.LessThanOrEqualTo(allowed), what);
        }
    }
}
