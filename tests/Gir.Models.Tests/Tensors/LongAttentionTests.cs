using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>Attention of so many tokens that the scores are made again on the way back, and queries are shared out among threads.</summary>
public sealed class LongAttentionTests
{
    private const float Scale = 0.4f;

    [TestCase(1, 1, 300, 300, 8)]
    [TestCase(2, 3, 513, 270, 5)]
    [TestCase(1, 2, 70_000, 1, 3)]
    public void Result_and_gradients_are_those_of_the_parts(int batch, int heads, int m, int n, int d)
    {
        Tensor[] leaves = Leaves(batch, heads, m, n, d, TensorBackend.Default);
        Tensor weights = Normal(9, TensorBackend.Default, batch, heads, m, d);
        Tensor fused = TensorOps.Attention(leaves[0], leaves[1], leaves[2], Scale);
        (fused * weights).Sum().Backward();
        Tensor[] others = Leaves(batch, heads, m, n, d, TensorBackend.Default);
        Tensor parts = (others[0] * Scale).MatMulTransposed(others[1]).Softmax(-1).MatMul(others[2]);
        (parts * weights).Sum().Backward();
        Assert.That(fused.ToArray(), Is.EqualTo(parts.ToArray()));
        for (int i = 0; i < 3; i++)
        {
            double[] expected = [.. others[i].Gradient!.ToArray().Select(v => (double)v)];
            // Gradients of keys and values are sums over queries, here block by block: another order of the same terms.
            Assert.That(Images.MaxDifference(leaves[i].Gradient!.ToArray(), expected), Is.LessThanOrEqualTo(2e-6 * Math.Max(expected.Max(Math.Abs), 1)), $"operand {i}");
        }
    }

    [Test]
    public void Gradients_are_the_differences_in_double()
    {
        // In double, along one direction: what the engines compute is compared with them elsewhere.
        var engine = new ScalarBackend();
        Tensor[] leaves = Leaves(1, 1, 260, 256, 3, engine);
        Tensor weights = Normal(9, engine, 1, 1, 260, 3);
        (TensorOps.Attention(leaves[0], leaves[1], leaves[2], Scale) * weights).Sum().Backward();
        for (int i = 0; i < 3; i++)
        {
            Tensor direction = Normal((ulong)(20 + i), engine, leaves[i].Shape.Sizes.ToArray());
            const float Step = 1f / 1024;
            double At(float step)
            {
                Tensor[] moved = [.. leaves.Select(l => l.Detach())];
                moved[i] += direction * step;
                return (TensorOps.Attention(moved[0], moved[1], moved[2], Scale) * weights).Sum().Item();
            }

            double expected = (At(Step) - At(-Step)) / (2 * Step);
            double found = (leaves[i].Gradient! * direction).Sum().Item();
            Assert.That(found, Is.EqualTo(expected).Within(1e-3 * Math.Abs(expected) + 1e-2), $"operand {i}");
        }
    }

    [Test]
    public void The_same_bits_for_any_number_of_threads()
    {
        float[][][] runs = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            var engine = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads });
            Tensor[] leaves = Leaves(1, 1, 700, 300, 6, engine);
            Tensor y = TensorOps.Attention(leaves[0], leaves[1], leaves[2], Scale);
            y.Square().Sum().Backward();
            return new[] { y.ToArray(), leaves[0].Gradient!.ToArray(), leaves[1].Gradient!.ToArray(), leaves[2].Gradient!.ToArray() };
        })];
        Assert.That(runs[1], Is.EqualTo(runs[0]));
        Assert.That(runs[2], Is.EqualTo(runs[0]));
    }

    [Test]
    public void The_scores_are_not_kept()
    {
        var engine = new CpuBackend();
        Tensor[] leaves = Leaves(1, 1, 2048, 2048, 4, engine);
        long before = engine.Memory.BytesInUse;
        Tensor y = TensorOps.Attention(leaves[0], leaves[1], leaves[2], Scale);
        // Scores would be 16 MiB.
        Assert.That(engine.Memory.BytesInUse - before, Is.LessThan(1 << 20));
        Assert.That(y.IsTracked, Is.True);
    }

    private static Tensor[] Leaves(int batch, int heads, int m, int n, int d, TensorBackend engine)
    {
        Tensor[] leaves = [Normal(1, engine, batch, heads, m, d), Normal(2, engine, batch, heads, n, d), Normal(3, engine, batch, heads, n, d)];
        foreach (Tensor leaf in leaves)
            leaf.RequiresGradient = true;
        return leaves;
    }

    private static Tensor Normal(ulong seed, TensorBackend engine, params int[] sizes)
    {
        TensorShape shape = TensorShape.Create(sizes);
        var values = new float[shape.Length];
        Philox4x32.FillGaussian(values, seed);
        return Tensor.From(values, shape, engine);
    }
}
