using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>Group normalization and swish in one kernel against the operators apart.</summary>
public sealed class GroupNormSiluTests
{
    private const float Epsilon = 1e-5f;

    [Test]
    public void Every_length_gives_the_bits_of_the_operators_apart()
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        for (int length = 1; length <= 256; length++)
        {
            Tensor[] operands = Operands(TensorBackend.Default, [1, 4, length], offset: 0);
            Assert.That(
                operands[0].GroupNormSilu(2, operands[1], operands[2], Epsilon).ToArray(),
                Is.EqualTo(operands[0].GroupNorm(2, operands[1], operands[2], Epsilon).Silu().ToArray()), $"{length}");
        }
    }

    [TestCase(2, 6, 3, 7, 5, 0f)]
    [TestCase(1, 32, 32, 4, 5, 0f)]
    [TestCase(3, 8, 1, 40, 33, 0f)]
    [TestCase(2, 8, 4, 6, 6, 100f)]
    public void Gradients_are_those_of_the_operators_apart(int n, int c, int groups, int h, int w, float offset)
    {
        Tensor[] fused = Operands(TensorBackend.Default, [n, c, h, w], offset);
        Tensor[] apart = Operands(TensorBackend.Default, [n, c, h, w], offset);
        Tensor weights = Normal(7, TensorBackend.Default, [n, c, h, w]);
        Tensor y = fused[0].GroupNormSilu(groups, fused[1], fused[2], Epsilon);
        Tensor expected = apart[0].GroupNorm(groups, apart[1], apart[2], Epsilon).Silu();
        Assert.That(y.ToArray(), Is.EqualTo(expected.ToArray()));
        (y * weights).Sum().Backward();
        (expected * weights).Sum().Backward();
        for (int i = 0; i < 3; i++)
        {
            double[] gradient = [.. apart[i].Gradient!.ToArray().Select(v => (double)v)];
            // Sums in double instead of float32, and with a mean of 100 values of seven digits of which two are left.
            double bound = offset == 0 ? 3e-6 : 3e-5;
            Assert.That(Images.MaxDifference(fused[i].Gradient!.ToArray(), gradient), Is.LessThanOrEqualTo(bound * gradient.Max(Math.Abs)), $"operand {i}");
        }
    }

    [Test]
    public void The_same_bits_for_any_number_of_threads()
    {
        float[][][] runs = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            Tensor[] operands = Operands(new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads }), [3, 12, 50, 41], 0);
            Tensor y = operands[0].GroupNormSilu(4, operands[1], operands[2], Epsilon);
            y.Square().Sum().Backward();
            return new[] { y.ToArray(), operands[0].Gradient!.ToArray(), operands[1].Gradient!.ToArray(), operands[2].Gradient!.ToArray() };
        })];
        Assert.That(runs[1], Is.EqualTo(runs[0]));
        Assert.That(runs[2], Is.EqualTo(runs[0]));
    }

    [Test]
    public void Another_engine_runs_the_operators_apart()
    {
        Tensor[] fast = Operands(TensorBackend.Default, [2, 6, 5, 3], 0);
        Tensor[] exact = Operands(new ScalarBackend(), [2, 6, 5, 3], 0);
        (fast[0].GroupNormSilu(3, fast[1], fast[2], Epsilon).Square()).Sum().Backward();
        (exact[0].GroupNormSilu(3, exact[1], exact[2], Epsilon).Square()).Sum().Backward();
        for (int i = 0; i < 3; i++)
        {
            double[] gradient = [.. exact[i].Gradient!.ToArray().Select(v => (double)v)];
            Assert.That(Images.MaxDifference(fast[i].Gradient!.ToArray(), gradient), Is.LessThanOrEqualTo(3e-6 * gradient.Max(Math.Abs)), $"operand {i}");
        }
    }

    private static Tensor[] Operands(TensorBackend engine, int[] sizes, float offset)
    {
        Tensor[] operands = [(Normal(1, engine, sizes) + offset).Detach(), (Normal(2, engine, sizes[1]) + 1).Detach(), Normal(3, engine, sizes[1])];
        foreach (Tensor operand in operands)
            operand.RequiresGradient = true;
        return operands;
    }

    private static Tensor Normal(ulong seed, TensorBackend engine, params int[] sizes)
    {
        TensorShape shape = TensorShape.Create(sizes);
        var values = new float[shape.Length];
        Philox4x32.FillGaussian(values, seed);
        return Tensor.From(values, shape, engine);
    }
}
