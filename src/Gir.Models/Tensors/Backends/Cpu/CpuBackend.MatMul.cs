using System.Buffers;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Rows of the result per part.
    private const int RowBlock = 96;

    /// <inheritdoc/>
    public override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor? bias, Tensor y)
    {
        int m = y.Shape[-2];
        int n = y.Shape[-1];
        int k = a.Shape[transposeA ? -2 : -1];
        int batches = y.Length / Math.Max(1, m * n);
        var walk = new BatchWalk(a.Shape, b.Shape, y.Shape);
        int blocks = (m + RowBlock - 1) / RowBlock;
        int batchesOfB = transposeB ? b.Length / Math.Max(1, n * k) : 0;
        int batchesOfA = transposeA ? a.Length / Math.Max(1, m * k) : 0;
        float[]? turnedA = transposeA ? ArrayPool<float>.Shared.Rent(a.Length) : null;
        float[]? turnedB = transposeB ? ArrayPool<float>.Shared.Rent(b.Length) : null;
        fixed (float* scratchA = turnedA, scratchB = turnedB)
        {
            // Pointers cannot be captured: the arrays stay pinned until the jobs have ended.
            nint fromA = transposeA ? (nint)scratchA : (nint)Of(a);
            nint fromB = transposeB ? (nint)scratchB : (nint)Of(b);
            if (transposeA)
                Parallel(batchesOfA, i => TransposeBlock.Run(Of(a) + ((long)i * m * k), m, 1, (float*)fromA + ((long)i * m * k), k, k, 0, m));
            if (transposeB)
                Parallel(batchesOfB, i => TransposeBlock.Run(Of(b) + ((long)i * n * k), k, 1, (float*)fromB + ((long)i * n * k), n, n, 0, k));
            Parallel(batches * blocks, part =>
            {
                int batch = part / blocks;
                int first = part % blocks * RowBlock;
                int rows = Math.Min(RowBlock, m - first);
                (long offsetA, long offsetB) = walk.Offsets(batch);
                float* target = Of(y) + (((long)batch * m) + first) * n;
                if (bias is not null)
                {
                    for (int i = 0; i < rows; i++)
                        SpanOf(bias).CopyTo(new Span<float>(target + ((long)i * n), n));
                }

                GemmTile.Run((float*)fromA + offsetA + ((long)first * k), k, (float*)fromB + offsetB, n, target, n, rows, n, k, bias is not null);
            });
        }

        if (turnedA is not null)
            ArrayPool<float>.Shared.Return(turnedA);
        if (turnedB is not null)
            ArrayPool<float>.Shared.Return(turnedB);
    }

    /// <inheritdoc/>
    public override void Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias, Tensor? mask, Tensor y)
    {
        (int heads, int m, int d, int n) = (q.Shape[1], q.Shape[2], q.Shape[3], k.Shape[2]);
        Parallel(q.Shape[0] * heads, head =>
        {
            float[] scratch = ArrayPool<float>.Shared.Rent((m * n) + (n * d) + (m * d));
            fixed (float* scores = scratch)
            {
                float* turned = scores + (m * n);
                float* scaled = turned + (n * d);
                long atQ = (long)head * m * d;
                long atK = (long)head * n * d;
                TransposeBlock.Run(Of(k) + atK, d, 1, turned, n, n, 0, d);
                Elementwise.Run(new ScaleAndShiftLanes(scale, 0), Of(q) + atQ, null, null, scaled, m * d);
                GemmTile.Run(scaled, d, turned, n, scores, n, m, n, d, accumulate: false);
                if (bias is not null)
                    Elementwise.Run(new AddLanes(), scores, Of(bias) + ((long)(head % heads) * m * n), null, scores, m * n);
                if (mask is not null)
                    Elementwise.Run(new AddLanes(), scores, Of(mask) + ((long)(head / heads % mask.Shape[0]) * m * n), null, scores, m * n);
                for (int i = 0; i < m; i++)
                    SoftmaxRows.Forward(scores + ((long)i * n), scores + ((long)i * n), n, logarithm: false);
                GemmTile.Run(scores, n, Of(v) + atK, d, Of(y) + atQ, d, m, d, n, accumulate: false);
            }

            ArrayPool<float>.Shared.Return(scratch);
        });
    }

    /// <summary>Where each batch's matrices begin in two operands whose batch dimensions may be repeated.</summary>
    private readonly struct BatchWalk
    {
        private readonly int[] _sizes;
        private readonly long[] _stepsA;
        private readonly long[] _stepsB;

        public BatchWalk(TensorShape a, TensorShape b, TensorShape y)
        {
            int rank = y.Rank - 2;
            _sizes = y.Sizes[..rank].ToArray();
            _stepsA = Steps(a, rank);
            _stepsB = Steps(b, rank);
        }

        public (long A, long B) Offsets(int batch)
        {
            (long a, long b) = (0, 0);
            for (int d = _sizes.Length - 1; d >= 0; d--)
            {
                int at = batch % _sizes[d];
                batch /= _sizes[d];
                a += at * _stepsA[d];
                b += at * _stepsB[d];
            }

            return (a, b);
        }

        private static long[] Steps(TensorShape shape, int rank)
        {
            var steps = new long[rank];
            for (int d = 0; d < rank; d++)
                steps[d] = shape.Sizes[d] == 1 ? 0 : shape.Stride(d);
            return steps;
        }
    }
}
