using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tests.Tensors;

namespace Gir.Models.TorchSharp.Tests;

/// <summary>Every operator on libtorch: against PyTorch's goldens, and on random cases against the oracle.</summary>
public sealed class TorchOperatorTests
{
    private const int Draws = 4;

    // That of the managed engine's test: elementary functions lose about 1e-6; sums of a few hundred terms add to it.
    private const double Tolerance = 2e-5;

    public static IEnumerable<string> Names => OperatorGoldens.Names;

    private static IReadOnlyList<OperatorCase> Cases => OperatorCases.All;

    [TestCaseSource(nameof(Names))]
    public void It_equals_PyTorch(string name) => OperatorGoldens.Check(name, TorchEngine.Instance);

    [TestCaseSource(nameof(Cases))]
    public void It_equals_the_oracle(object operation)
    {
        var which = (OperatorCase)operation;
        for (ulong seed = 0; seed < Draws; seed++)
        {
            OperatorRun expected = new OperatorRun(which, seed, false, new ScalarBackend()).Backward();
            OperatorRun actual = new OperatorRun(which, seed, false, TorchEngine.Instance).Backward();
            AssertClose(actual.Output, expected.Output, $"{which}, seed {seed}, output");
            for (int i = 0; i < expected.Leaves.Length; i++)
                AssertClose(actual.Leaves[i].Gradient!, expected.Leaves[i].Gradient!, $"{which}, seed {seed}, gradient {i} {expected.Leaves[i].Shape}");
        }
    }

    // Without gradients some operators are one kernel.
    [TestCaseSource(nameof(Cases))]
    public void Without_gradients_it_equals_the_oracle(object operation)
    {
        var which = (OperatorCase)operation;
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        for (ulong seed = 0; seed < Draws; seed++)
            AssertClose(new OperatorRun(which, seed, false, TorchEngine.Instance).Output, new OperatorRun(which, seed, false, new ScalarBackend()).Output, $"{which}, seed {seed}");
    }

    private static void AssertClose(Tensor actual, Tensor expected, string what)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        double[] values = Array.ConvertAll(expected.ToArray(), v => (double)v);
        double scale = values.Length == 0 ? 1 : Math.Max(values.Max(Math.Abs), 0.1);
        Assert.That(Images.MaxDifference(actual.ToArray(), values), Is.LessThanOrEqualTo(Tolerance * scale), what);
    }
}
