using System.Runtime.Intrinsics.X86;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>What an operator allocates on the managed heap in inference, once every path has been taken.</summary>
[NonParallelizable]
public sealed class AllocationTests
{
    // The tensor and the handle of its memory, on 64-bit systems.
    private const int PerTensor = 112;

    // Sizes are an array of their own: 24 bytes and 4 for each, made from a span and copied where they are computed.
    private const int PerShape = 40;

    private static readonly CpuBackend[] Engines =
        [.. Enumerable.Range(1, 2).Select(n => new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = n }))];

    [Test]
    public void Operators_that_keep_the_shape_allocate_one_tensor([ValueSource(nameof(Engines))] CpuBackend engine)
    {
        Tensor x = Tensor.Full([2, 8, 40, 40], 0.5f, engine);
        Tensor z = Tensor.Full([2, 8, 40, 40], 0.25f, engine);
        AssertAllocates(PerTensor, "add", () => x.Add(z));
        AssertAllocates(PerTensor, "multiply", () => x.Multiply(z));
        AssertAllocates(PerTensor, "divide", () => x.Divide(z));
        AssertAllocates(PerTensor, "scale", () => x.ScaleAndShift(2, 1));
        AssertAllocates(PerTensor, "relu", () => x.Relu());
        AssertAllocates(PerTensor, "gelu", () => x.Gelu());
        AssertAllocates(PerTensor, "sigmoid", () => x.Sigmoid());
        AssertAllocates(PerTensor, "softmax of rows", () => x.Softmax(-1));
        AssertAllocates(PerTensor, "softmax of columns", () => x.Softmax(1));
    }

    [Test]
    public void Normalizations_allocate_the_output_and_its_statistics([ValueSource(nameof(Engines))] CpuBackend engine)
    {
        Tensor x = Tensor.Full([2, 16, 40, 40], 0.5f, engine);
        Tensor weight = Tensor.Full([16], 0.25f, engine);
        Tensor tokens = x.Reshape(3200, 16);
        const int Three = (3 * PerTensor) + (2 * PerShape);
        AssertAllocates(Three, "layer norm", () => tokens.LayerNorm(weight, weight));
        AssertAllocates(Three, "layer norm over channels", () => x.LayerNorm2d(weight, weight));
    }

    [Test]
    public void Operators_of_another_shape_allocate_it_too([ValueSource(nameof(Engines))] CpuBackend engine)
    {
        Tensor x = Tensor.Full([2, 16, 40, 40], 0.5f, engine);
        Tensor perChannel = Tensor.Full([2, 16, 1, 1], 0.5f, engine);
        const int One = PerTensor + (2 * PerShape);
        AssertAllocates(One, "scale channels", () => x.Multiply(perChannel));
        AssertAllocates(One, "gate", () => x.SimpleGate());
        AssertAllocates(One + (2 * PerShape), "permute", () => x.Permute(0, 2, 3, 1));
        AssertAllocates(One + (6 * PerShape), "narrow", () => x.Narrow(1, 3, 5));
        AssertAllocates(2 * One, "mean over pixels", () => x.Mean([2, 3], keepDimensions: true));
        AssertAllocates(4 * One, "mean", () => x.Mean());
    }

    [Test]
    public void Convolutions_and_products_allocate_one_tensor([ValueSource(nameof(Engines))] CpuBackend engine)
    {
        if (!Avx512F.IsSupported)
            Assert.Ignore("Without AVX-512 convolutions go through window matrices, with some objects for each call.");
        Tensor x = Tensor.Full([2, 32, 40, 40], 0.5f, engine), three = Tensor.Full([2, 3, 40, 40], 0.5f, engine);
        Tensor Weight(int outputs, int inputs, int kernel) => Tensor.Full([outputs, inputs, kernel, kernel], 0.1f, engine);
        (Tensor w3, Tensor w5, Tensor w1, Tensor w2, Tensor w4) = (Weight(32, 32, 3), Weight(32, 32, 5), Weight(32, 32, 1), Weight(32, 32, 2), Weight(32, 32, 4));
        (Tensor first, Tensor last, Tensor depthwise) = (Weight(32, 3, 3), Weight(3, 32, 3), Weight(32, 1, 3));
        Tensor bias = Tensor.Full([32], 0.25f, engine);
        const int One = PerTensor + PerShape;
        AssertAllocates(One, "winograd 3x3", () => x.Conv2d(w3, bias, padding: 1));
        AssertAllocates(One, "winograd 5x5", () => x.Conv2d(w5, bias, padding: 2));
        AssertAllocates(One, "pointwise", () => x.Conv2d(w1, bias));
        AssertAllocates(One, "patches", () => x.Conv2d(w2, bias, stride: 2));
        AssertAllocates(One, "strided", () => x.Conv2d(w3, bias, stride: 2, padding: 1));
        AssertAllocates(One, "first layer", () => three.Conv2d(first, bias, padding: 1));
        AssertAllocates(One, "last layer", () => x.Conv2d(last, null, padding: 1));
        AssertAllocates(One, "depthwise", () => x.Conv2d(depthwise, bias, padding: 1, groups: 32));
        AssertAllocates(One, "transposed", () => x.ConvTranspose2d(w4, bias, stride: 2, padding: 1));
        AssertAllocates(One, "transposed patches", () => x.ConvTranspose2d(w2, bias, stride: 2));
        Tensor rows = x.Reshape(1600, 64), matrix = Tensor.Full([64, 32], 0.1f, engine), weight = Tensor.Full([32, 64], 0.1f, engine);
        Tensor tokens = x.Reshape(2, 800, 64), queries = x.Reshape(10, 4, 64, 40);
        AssertAllocates(One, "matmul", () => rows.MatMul(matrix));
        AssertAllocates(One + PerShape, "linear", () => rows.Linear(weight, bias));
        AssertAllocates((3 * PerTensor) + (6 * PerShape), "linear of tokens", () => tokens.Linear(weight, bias));
        AssertAllocates(PerTensor, "attention", () => TensorOps.Attention(queries, queries, queries, 0.1f));
    }

    [Test]
    public void Steps_of_an_optimizer_allocate_nothing([ValueSource(nameof(Engines))] CpuBackend engine)
    {
        Tensor p = Tensor.Full([300, 300], 0.5f, engine), g = Tensor.Full([300, 300], 0.5f, engine);
        Tensor m = Tensor.Zeros([300, 300], engine), v = Tensor.Zeros([300, 300], engine);
        var settings = new AdamStepSettings(1e-3, 0.9, 0.999, 1e-8, 0, false, 1, 1);
        AssertAllocates(0, "adam", () => engine.AdamStep(p, g, m, v, settings));
        AssertAllocates(0, "add scaled", () => engine.AddScaled(g, 0.5f, p));
        AssertAllocates(0, "sum of squares", () => engine.SumOfSquares(g));
        AssertAllocates(0, "copy", () => engine.Copy(g, p));
        AssertAllocates(0, "fill", () => engine.Fill(g, 1));
        GC.KeepAlive((p, g, m, v));
    }

    [Test]
    public void Gradients_allocate_nothing_in_the_engine([ValueSource(nameof(Engines))] CpuBackend engine)
    {
        Tensor x = Tensor.Full([2, 16, 40, 40], 0.5f, engine), y = Tensor.Full([2, 16, 40, 40], 0.5f, engine), dx = Tensor.Zeros([2, 16, 40, 40], engine);
        Tensor mean = Tensor.Zeros([3200], engine), reciprocal = Tensor.Ones([3200], engine), weight = Tensor.Ones([16], engine), bias = Tensor.Ones([16], engine);
        var rows = new AxisExtent(3200, 16, 1);
        var columns = new AxisExtent(2, 16, 1600);
        AssertAllocates(0, "gelu", () => engine.UnaryGradient(new(UnaryFunction.Gelu), x, y, x, dx));
        foreach (AxisExtent extent in new[] { rows, columns })
        {
            AssertAllocates(0, $"softmax {extent}", () => engine.SoftmaxGradient(y, x, extent, false, dx));
            AssertAllocates(0, $"normalize {extent}", () => engine.NormalizeGradient(x, weight, mean, reciprocal, y, extent, true, dx, weight, bias));
        }

        Tensor perChannel = Tensor.Ones([1, 16, 1, 1], engine), perColumn = Tensor.Ones([1, 1, 1, 40], engine);
        AssertAllocates(0, "sum per channel", () => engine.Sum(x, perChannel));
        AssertAllocates(0, "sum per column", () => engine.Sum(x, perColumn));
        GC.KeepAlive((x, y, dx, mean, reciprocal, weight, bias, perChannel, perColumn));
    }

    // The least of several calls: the first ones fill the caches, and any of them may have to start a worker anew.
    private static void AssertAllocates(long most, string what, Action run)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        long allocated = long.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            using (TensorScope.Enter())
                run();
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(allocated, Is.LessThanOrEqualTo(most), what);
    }
}
