using System.Reflection;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>Random cases of every operator: the fast engine against the oracle, gradients against differences, bits against thread counts.</summary>
[Parallelizable(ParallelScope.None)]
public sealed class OperatorPropertyTests
{
    // Engines keep their worker threads for good, hence one of each.
    private static readonly CpuBackend[] Engines =
        [.. Enumerable.Range(1, 3).Select(n => new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = n }))];

    private const int Draws = 6;

    // Winograd's transforms of six points lose about 3e-6 of the largest value, elementary functions about 1e-6; sums of a few hundred terms add to it.
    private const double Tolerance = 2e-5;

    private static IReadOnlyList<OperatorCase> Cases => OperatorCases.All;

    [Test]
    public void Every_operator_has_a_case()
    {
        HashSet<string> covered = [.. Cases.Select(c => c.Method)];
        string[] operators = [.. OperatorCases.Types.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static)).Select(m => $"{m.Name}/{m.GetParameters().Length}").Distinct()];
        Assert.That(operators, Has.Length.GreaterThan(60));
        Assert.That(operators.Where(o => !covered.Contains(o)), Is.Empty, "operators without a case");
        Assert.That(covered.Where(c => !operators.Contains(c)), Is.Empty, "cases of no operator");
    }

    [TestCaseSource(nameof(Cases))]
    public void The_fast_engine_equals_the_oracle(object operation)
    {
        var which = (OperatorCase)operation;
        for (ulong seed = 0; seed < Draws; seed++)
        {
            OperatorRun expected = new OperatorRun(which, seed, false, new ScalarBackend()).Backward();
            OperatorRun actual = new OperatorRun(which, seed, false, Engines[0]).Backward();
            AssertClose(actual.Output, expected.Output, $"{which}, seed {seed}, output");
            for (int i = 0; i < expected.Leaves.Length; i++)
                AssertClose(actual.Leaves[i].Gradient!, expected.Leaves[i].Gradient!, $"{which}, seed {seed}, gradient {i} {expected.Leaves[i].Shape}");
        }
    }

    // In double: differences over 2e-5 err by about 1e-9, so that a derivative wrong in its sixth digit is seen.
    [TestCaseSource(nameof(Cases))]
    public void Gradients_equal_differences(object operation)
    {
        const double Step = 1e-5;
        var which = (OperatorCase)operation;
        for (ulong seed = 100; seed < 103; seed++)
        {
            var backend = new ScalarBackend();
            OperatorRun run = new OperatorRun(which, seed, false, backend).Backward();
            for (int leaf = 0; leaf < run.Leaves.Length; leaf++)
            {
                float[] direction = new Draw(seed + 7, false).Values(run.Leaves[leaf].Length);
                double expected = (Moved(Step) - Moved(-Step)) / (2 * Step);
                double actual = 0;
                double scale = 1e-3;
                for (int i = 0; i < direction.Length; i++)
                {
                    actual += ScalarBackend.Of(run.Leaves[leaf].Gradient!)[i] * direction[i];
                    scale += Math.Abs(ScalarBackend.Of(run.Leaves[leaf].Gradient!)[i] * direction[i]);
                }

                Assert.That(actual, Is.EqualTo(expected).Within(1e-6 * scale), $"{which}, seed {seed}, leaf {leaf} {run.Leaves[leaf].Shape}");

                double Moved(double by) => new OperatorRun(which, seed, false, backend, leaves =>
                {
                    for (int i = 0; i < direction.Length; i++)
                        ScalarBackend.Of(leaves[leaf])[i] += by * direction[i];
                }).WeightedSum();
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Bits_do_not_depend_on_the_number_of_threads(object operation)
    {
        var which = (OperatorCase)operation;
        for (ulong seed = 0; seed < 2; seed++)
        {
            OperatorRun one = new OperatorRun(which, seed, seed == 0, Engines[0]).Backward();
            foreach (CpuBackend engine in Engines[1..])
            {
                OperatorRun many = new OperatorRun(which, seed, seed == 0, engine).Backward();
                AssertSameBits(many.Output, one.Output, $"{which}, {engine.Options.MaxDegreeOfParallelism} threads, output");
                for (int i = 0; i < one.Leaves.Length; i++)
                    AssertSameBits(many.Leaves[i].Gradient!, one.Leaves[i].Gradient!, $"{which}, {engine.Options.MaxDegreeOfParallelism} threads, gradient {i}");
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Without_gradients_the_output_is_the_same(object operation)
    {
        var which = (OperatorCase)operation;
        OperatorRun recorded = new(which, 3, false, Engines[0]);
        using (Gir.Models.Tensors.Autograd.Tape.NoGradient())
        {
            OperatorRun quiet = new(which, 3, false, Engines[0]);
            AssertClose(quiet.Output, recorded.Output, $"{which}");
            Assert.That(() => quiet.Backward(), Throws.InvalidOperationException.With.Message.Contains("recording"));
        }
    }

    private static void AssertClose(Tensor actual, Tensor expected, string what)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        double[] values = Array.ConvertAll(expected.ToArray(), v => (double)v);
        double scale = values.Length == 0 ? 1 : Math.Max(values.Max(Math.Abs), 0.1);
        Assert.That(Images.MaxDifference(actual.ToArray(), values), Is.LessThanOrEqualTo(Tolerance * scale), what);
    }

    private static void AssertSameBits(Tensor actual, Tensor expected, string what) => Assert.That(
        Array.ConvertAll(actual.ToArray(), BitConverter.SingleToInt32Bits).AsSpan().SequenceEqual(Array.ConvertAll(expected.ToArray(), BitConverter.SingleToInt32Bits)), what);
}
