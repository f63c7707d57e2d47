using System.Runtime.Intrinsics;
using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tests.Tensors;

/// <summary>Matrix products: every path gives the bits of one chain of fused multiply-adds per element.</summary>
public sealed unsafe class MatMulKernelTests
{
    private const float Guard = 12345;

    [Test]
    public void Every_width_of_vectors_gives_the_scalar_bits_and_touches_nothing_else([Values] bool transposeA, [Values] bool packed, [Values] bool accumulate)
    {
        var random = new PhiloxRandom(5);
        for (int trial = 0; trial < 40; trial++)
        {
            int m = random.NextInteger(1, 71);
            int n = trial < 20 ? random.NextInteger(1, 71) : random.NextInteger(1, 150);
            int k = random.NextInteger(0, 71);
            float[] a = Numbers(m * k, 1), b = Numbers(k * n, 2), bias = Numbers(n, 3), start = Numbers(m * n, 4);
            int panels = (n + 47) / 48;
            var panelled = new float[panels * 48 * k];
            float[] expected = [.. start, Guard], wide = [.. start, Guard], narrow = [.. start, Guard];
            fixed (float* pa = a, pb = b, pp = panelled, pBias = bias, e = expected, w = wide, h = narrow)
            {
                for (int q = 0; q < panels; q++)
                    GemmPack.Panel(pb + (q * 48), n, k, Math.Min(48, n - (q * 48)), pp + (q * 48 * k));
                GemmRows rows = transposeA ? new GemmRows(pa, 1, m) : new GemmRows(pa, k, 1);
                float* right = packed ? pp : pb;
                int ldb = packed ? 48 : n;
                int step = packed ? 48 * k : 48;
                GemmTile.Scalar(rows, right, ldb, step, e, n, m, n, k, pBias, accumulate);
                GemmTile.Panels512(rows, right, ldb, step, w, n, m, n, k, pBias, accumulate);
                GemmTile.Panels256(rows, right, ldb, step, h, n, m, n, k, pBias, accumulate);
            }

            Assert.That(wide, Is.EqualTo(expected), $"512 bits, {m} x {n} x {k}");
            Assert.That(narrow, Is.EqualTo(expected), $"256 bits, {m} x {n} x {k}");
        }
    }

    // Products of few rows are divided and packed in another way.
    [Test]
    public void A_row_has_the_same_bits_among_few_and_among_many([Values(1, 9, 200, 1024)] int few, [Values] bool transposeB, [Values(20, 400)] int n)
    {
        const int Many = 1100, Depth = 300;
        var engine = new CpuBackend();
        float[] a = Numbers(Many * Depth, 1);
        Tensor b = Tensor.From(Numbers(n * Depth, 2), transposeB ? [n, Depth] : [Depth, n], engine), bias = Tensor.From(Numbers(n, 3), [n], engine);
        float[] Product(int rows)
        {
            Tensor y = Tensor.Empty([rows, n], engine);
            engine.MatMul(Tensor.From(a.AsSpan(0, rows * Depth), [rows, Depth], engine), false, b, transposeB, bias, y);
            return y.ToArray();
        }

        Assert.That(Product(few), Is.EqualTo(Product(Many)[..(few * n)]));
    }

    [Test]
    public void Transposed_strips_are_read_like_the_matrix([Values(1, 7, 8, 23, 24)] int rows)
    {
        const int Depth = 19;
        float[] a = Numbers(rows * Depth, 1);
        var packed = new float[(rows + 8) * Depth];
        fixed (float* pa = a, pp = packed)
        {
            GemmRows strips = GemmPack.TransposedStrips(pa, rows, rows, Depth, pp);
            for (int i = 0; i < rows; i++)
            {
                for (int p = 0; p < Depth; p++)
                    Assert.That(strips.At(i)[p * strips.Step], Is.EqualTo(a[(p * rows) + i]));
            }
        }
    }

    [Test]
    public void A_block_is_transposed_as_by_hand()
    {
        foreach ((int inner, int middle) in new[] { (1, 1), (2, 3), (2, 8), (2, 37), (7, 9), (8, 8), (16, 24), (30, 64), (33, 17), (64, 5) })
        {
            float[] source = Numbers(inner * middle, 1);
            var turned = new float[inner * middle];
            fixed (float* from = source, to = turned)
                TransposeBlock.Run(from, middle, 1, to, inner, inner, 0, middle);
            for (int i = 0; i < inner; i++)
            {
                for (int p = 0; p < middle; p++)
                    Assert.That(turned[(p * inner) + i], Is.EqualTo(source[(i * middle) + p]), $"{inner} x {middle}");
            }
        }
    }

    [Test]
    public void Large_products_are_one_chain_per_element_for_any_number_of_threads([Values] bool transposeA, [Values] bool transposeB)
    {
        // Larger than a block in every direction, and no multiple of one; in software vectors a smaller one has to do.
        (int m, int n, int k) = Vector128.IsHardwareAccelerated ? (203, 151, 601) : (29, 51, 265);
        float[] a = Numbers(m * k, 1), b = Numbers(k * n, 2), bias = Numbers(n, 3);
        var expected = new float[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = bias[j];
                for (int p = 0; p < k; p++)
                    sum = MathF.FusedMultiplyAdd(a[transposeA ? (p * m) + i : (i * k) + p], b[transposeB ? (j * k) + p : (p * n) + j], sum);
                expected[(i * n) + j] = sum;
            }
        }

        foreach (int threads in new[] { 1, 2, 3 })
        {
            var backend = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads });
            Tensor y = Tensor.Empty([m, n], backend);
            backend.MatMul(
                Tensor.From(a, transposeA ? [k, m] : [m, k], backend), transposeA, Tensor.From(b, transposeB ? [n, k] : [k, n], backend), transposeB,
                Tensor.From(bias, [n], backend), y);
            Assert.That(y.ToArray(), Is.EqualTo(expected), $"{threads} threads");
        }
    }

    [Test]
    public void Small_products_in_batches_equal_single_ones([Values] bool transposeA, [Values] bool transposeB)
    {
        (int m, int n, int k) = (13, 50, 9);
        float[] a = Numbers(3 * m * k, 1), b = Numbers(2 * 3 * k * n, 2);
        var backend = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 2 });
        Tensor y = Tensor.Empty([2, 3, m, n], backend);
        backend.MatMul(
            Tensor.From(a, transposeA ? [1, 3, k, m] : [1, 3, m, k], backend), transposeA,
            Tensor.From(b, transposeB ? [2, 3, n, k] : [2, 3, k, n], backend), transposeB, null, y);
        float[] all = y.ToArray();
        for (int batch = 0; batch < 6; batch++)
        {
            Tensor one = Tensor.Empty([m, n], backend);
            backend.MatMul(
                Tensor.From(a.AsSpan(batch % 3 * m * k, m * k), transposeA ? [k, m] : [m, k], backend), transposeA,
                Tensor.From(b.AsSpan(batch * k * n, k * n), transposeB ? [n, k] : [k, n], backend), transposeB, null, one);
            Assert.That(all.AsSpan(batch * m * n, m * n).ToArray(), Is.EqualTo(one.ToArray()), $"batch {batch}");
        }
    }

    [Test]
    public void A_product_allocates_no_managed_memory_after_the_first()
    {
        var backend = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 2 });
        Tensor a = Tensor.From(Numbers(60 * 50, 1), [60, 50], backend);
        Tensor y = Tensor.Empty([60, 60], backend);
        backend.MatMul(a, false, a, true, null, y);
        backend.MatMul(a, false, a, true, null, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        backend.MatMul(a, false, a, true, null, y);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static float[] Numbers(int count, ulong seed)
    {
        var values = new float[count];
        Philox4x32.FillGaussian(values, seed);
        return values;
    }
}
