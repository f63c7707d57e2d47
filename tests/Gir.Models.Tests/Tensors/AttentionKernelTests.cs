using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>The fused attention of windows.</summary>
public sealed class AttentionKernelTests
{
    [TestCase(16, 16, 6)]
    [TestCase(9, 25, 5)]
    [TestCase(49, 64, 30)]
    public void The_fused_kernel_gives_the_bits_of_its_parts_for_any_number_of_threads(int m, int n, int d)
    {
        foreach (int threads in new[] { 1, 2, 3 })
        {
            var backend = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads });
            Tensor Random(ulong seed, params int[] sizes)
            {
                TensorShape shape = TensorShape.Create(sizes);
                var values = new float[shape.Length];
                Philox4x32.FillGaussian(values, seed);
                return Tensor.From(values, shape, backend);
            }

            (Tensor q, Tensor k, Tensor v) = (Random(1, 4, 2, m, d), Random(2, 4, 2, n, d), Random(3, 4, 2, n, d));
            (Tensor bias, Tensor mask) = (Random(4, 2, m, n), Random(5, 2, m, n));
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            Tensor scores = (q * 0.3f).MatMulTransposed(k) + bias.Reshape(1, 2, m, n);
            scores = (scores.Reshape(2, 2, 2, m, n) + mask.Reshape(1, 2, 1, m, n)).Reshape(4, 2, m, n);
            float[] expected = scores.Softmax(-1).MatMul(v).ToArray();

            Assert.That(TensorOps.Attention(q, k, v, 0.3f, bias, mask).ToArray(), Is.EqualTo(expected), $"{threads} threads");
        }
    }
}
