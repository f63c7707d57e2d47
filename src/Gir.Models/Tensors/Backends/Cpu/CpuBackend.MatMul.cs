using System.Buffers;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Products of less work than this are not divided, but done several to a part.
    private const long SmallProduct = 1 << 19;

    /// <inheritdoc/>
    public override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor? bias, Tensor y)
    {
        int m = y.Shape[-2];
        int n = y.Shape[-1];
        int k = a.Shape[transposeA ? -2 : -1];
        if (y.Length == 0)
            return;
        using var wideA = new WideWeight(this, a);
        using var wideB = new WideWeight(this, b);
        (a, b) = (wideA.Tensor, wideB.Tensor);
        int batches = y.Length / (m * n);
        var walk = new BatchWalk(a.Shape, b.Shape, y.Shape);
        if (batches > 1 && !transposeA && b.Length == n * k && a.Length == batches * m * k)
            (m, batches) = (m * batches, 1);
        var product = new MatrixProduct(Of(a), transposeA, Of(b), transposeB, OfOptional(bias), Of(y), m, n, k);
        if (batches > 1 && (long)m * n * Math.Max(k, 1) < SmallProduct)
        {
            long work = (long)m * n * Math.Max(k, 1);
            int group = (int)Math.Max(1, SmallProduct / work);
            _pool.Run((batches + group - 1) / group, new SmallProductsJob(product, walk, batches, group));
            return;
        }

        for (int i = 0; i < batches; i++)
        {
            (long offsetA, long offsetB) = walk.Offsets(i);
            Multiply(product.At(offsetA, offsetB, (long)i * m * n));
        }
    }

    /// <inheritdoc/>
    public override void Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias, Tensor? mask, Tensor y)
    {
        (int heads, int m, int d, int n) = (q.Shape[1], q.Shape[2], q.Shape[3], k.Shape[2]);
        if (y.Length == 0)
            return;
        var job = new AttentionJob
        {
            Q = Of(q), K = Of(k), V = Of(v), Y = Of(y), Bias = OfOptional(bias), Mask = OfOptional(mask),
            Masks = mask?.Shape[0] ?? 1, Heads = heads, M = m, N = n, D = d, Scale = scale,
            Blocks = (m + AttentionJob.LargestQueries - 1) / AttentionJob.LargestQueries,
        };
        job.Total = q.Shape[0] * heads * job.Blocks;
        job.Group = (int)Math.Clamp(SmallProduct / ((long)Math.Min(m, AttentionJob.LargestQueries) * n * d), 1, int.MaxValue);
        _pool.Run((job.Total + job.Group - 1) / job.Group, job);
    }

    // B is packed into panels once for all rows of A, as much of k at a time as the caches and the scratch hold.
    private void Multiply(in MatrixProduct product)
    {
        if (product is { TransposeA: false, M: <= FewRowsJob.LargestRows, K: > 0 })
        {
            var few = new FewRowsJob(product);
            _pool.Run(few.Parts, few);
            return;
        }

        int panels = (product.N + GemmTile.PanelWidth - 1) / GemmTile.PanelWidth;
        int depth = Math.Min(product.K, Math.Max(LargeProductJob.Depth, LargeProductJob.PackedLimit / (panels * GemmTile.PanelWidth)));
        float[] packed = ArrayPool<float>.Shared.Rent((depth * panels * GemmTile.PanelWidth) + 16);
        fixed (float* start = packed)
        {
            float* aligned = (float*)(((nint)start + 63) & ~63);
            int first = 0;
            do
            {
                int count = Math.Min(depth, product.K - first);
                _pool.Run(panels, new PackJob(product, first, count, aligned));
                var job = new LargeProductJob(product, first, count, aligned);
                _pool.Run(job.Parts, job);
                first += depth;
            }
            while (first < product.K);
        }

        ArrayPool<float>.Shared.Return(packed);
    }

    /// <summary>y [m, n] = a [m, k] b [k, n] + bias, each operand possibly given as its transpose.</summary>
    private readonly struct MatrixProduct(float* a, bool transposeA, float* b, bool transposeB, float* bias, float* y, int m, int n, int k)
    {
        public readonly float* A = a;
        public readonly float* B = b;
        public readonly float* Bias = bias;
        public readonly float* Y = y;
        public readonly int M = m;
        public readonly int N = n;
        public readonly int K = k;
        public readonly bool TransposeA = transposeA;
        public readonly bool TransposeB = transposeB;

        public long RowStepA => TransposeA ? 1 : K;

        public long StepA => TransposeA ? M : 1;

        public MatrixProduct At(long offsetA, long offsetB, long offsetY) =>
            new(A + offsetA, TransposeA, B + offsetB, TransposeB, Bias, Y + offsetY, M, N, K);

        /// <summary>Packs one panel of rows first..first+count-1 of B.</summary>
        public void Pack(int panel, int first, int count, float* to)
        {
            int column = panel * GemmTile.PanelWidth;
            int columns = Math.Min(GemmTile.PanelWidth, N - column);
            if (TransposeB)
                GemmPack.TransposedPanel(B + ((long)column * K) + first, K, count, columns, to);
            else
                GemmPack.Panel(B + ((long)first * N) + column, N, count, columns, to);
        }
    }

    private readonly struct PackJob(MatrixProduct product, int first, int count, float* packed) : IPoolJob
    {
        private readonly float* _packed = packed;

        public void Run(int part) => product.Pack(part, first, count, _packed + ((long)part * count * GemmTile.PanelWidth));
    }

    /// <summary>
    /// Panels of B, each for all rows of A or a large block of them: with few rows, packing B aside would be a good part of the work, and the packed
    /// panels would go through the outer caches. Here a panel is packed just before it is used, and stays in the inner ones.
    /// </summary>
    private readonly struct FewRowsJob : IPoolJob
    {
        public const int LargestRows = 1024;
        private const int Depth = 256;
        private const int SmallestRowBlock = 64;
        private const int WantedParts = 16;

        private readonly MatrixProduct _product;
        private readonly int _panels;
        private readonly int _rowBlock;

        public FewRowsJob(in MatrixProduct product)
        {
            _product = product;
            _panels = (product.N + GemmTile.PanelWidth - 1) / GemmTile.PanelWidth;
            int blocks = (WantedParts + _panels - 1) / _panels;
            _rowBlock = Math.Max(SmallestRowBlock, (((product.M + blocks - 1) / blocks) + 7) / 8 * 8);
            Parts = _panels * ((product.M + _rowBlock - 1) / _rowBlock);
        }

        public int Parts { get; }

        public void Run(int part)
        {
            int panel = part % _panels;
            int row = part / _panels * _rowBlock;
            int rows = Math.Min(_rowBlock, _product.M - row);
            int column = panel * GemmTile.PanelWidth;
            int columns = Math.Min(GemmTile.PanelWidth, _product.N - column);
            float* packed = ThreadScratch.Rent(Depth * GemmTile.PanelWidth);
            float* c = _product.Y + ((long)row * _product.N) + column;
            float* bias = _product.Bias == null ? null : _product.Bias + column;
            for (int p = 0; p < _product.K; p += Depth)
            {
                int depth = Math.Min(Depth, _product.K - p);
                _product.Pack(panel, p, depth, packed);
                var a = new GemmRows(_product.A + ((long)row * _product.K) + p, _product.K, 1);
                GemmTile.Panels(a, packed, GemmTile.PanelWidth, 0, c, _product.N, rows, columns, depth, bias, accumulate: p > 0);
            }
        }
    }

    /// <summary>Blocks of rows by groups of panels.</summary>
    private readonly struct LargeProductJob : IPoolJob
    {
        // A block of A of 96 x 256 and a panel of 48 columns stay in the L2 cache; the panel's share of a strip in L1.
        public const int Depth = 256;
        public const int PackedLimit = 1 << 20;
        private const int LargestRowBlock = 96;
        private const int SmallestRowBlock = 24;
        private const int WantedParts = 16;

        private readonly MatrixProduct _product;
        private readonly float* _packed;
        private readonly int _first;
        private readonly int _count;
        private readonly int _rowBlock;
        private readonly int _rowBlocks;
        private readonly int _panelGroup;

        public LargeProductJob(in MatrixProduct product, int first, int count, float* packed)
        {
            (_product, _first, _count) = (product, first, count);
            _packed = packed;
            int panels = (product.N + GemmTile.PanelWidth - 1) / GemmTile.PanelWidth;
            _rowBlock = Math.Clamp((product.M / WantedParts / 8 * 8) + 8, SmallestRowBlock, LargestRowBlock);
            _rowBlocks = (product.M + _rowBlock - 1) / _rowBlock;
            int groups = Math.Min(panels, Math.Max(1, WantedParts / _rowBlocks));
            _panelGroup = (panels + groups - 1) / groups;
            Parts = _rowBlocks * ((panels + _panelGroup - 1) / _panelGroup);
        }

        public int Parts { get; }

        public void Run(int part)
        {
            int row = part % _rowBlocks * _rowBlock;
            int rows = Math.Min(_rowBlock, _product.M - row);
            int panel = part / _rowBlocks * _panelGroup;
            int column = panel * GemmTile.PanelWidth;
            int columns = Math.Min(_panelGroup * GemmTile.PanelWidth, _product.N - column);
            float* b = _packed + ((long)panel * _count * GemmTile.PanelWidth);
            float* c = _product.Y + ((long)row * _product.N) + column;
            float* bias = _product.Bias == null ? null : _product.Bias + column;
            int p = 0;
            do
            {
                int depth = Math.Min(Depth, _count - p);
                float* a = _product.A + (row * _product.RowStepA) + ((_first + p) * _product.StepA);
                // Rows of a transposed A lie a whole matrix row apart: its strips are packed, others are read where they are.
                GemmRows strips = _product.TransposeA
                    ? GemmPack.TransposedStrips(a, _product.StepA, rows, depth, ThreadScratch.Rent(LargestRowBlock * Depth))
                    : new GemmRows(a, _product.K, 1);
                GemmTile.Panels(
                    strips, b + ((long)p * GemmTile.PanelWidth), GemmTile.PanelWidth, (nint)_count * GemmTile.PanelWidth,
                    c, _product.N, rows, columns, depth, bias, accumulate: _first + p > 0);
                p += Depth;
            }
            while (p < _count);
        }
    }

    /// <summary>Groups of whole small products.</summary>
    private readonly struct SmallProductsJob(MatrixProduct product, BatchWalk walk, int batches, int group) : IPoolJob
    {
        public void Run(int part)
        {
            int panels = (product.N + GemmTile.PanelWidth - 1) / GemmTile.PanelWidth;
            float* scratch = product.TransposeB ? ThreadScratch.Rent((long)panels * product.K * GemmTile.PanelWidth) : null;
            for (int i = part * group; i < Math.Min(batches, (part + 1) * group); i++)
            {
                (long offsetA, long offsetB) = walk.Offsets(i);
                MatrixProduct one = product.At(offsetA, offsetB, (long)i * product.M * product.N);
                var rows = new GemmRows(one.A, (nint)one.RowStepA, (nint)one.StepA);
                float* b = one.TransposeB ? scratch : one.B;
                nint ldb = one.TransposeB ? GemmTile.PanelWidth : one.N;
                nint panelStep = one.TransposeB ? (nint)one.K * GemmTile.PanelWidth : GemmTile.PanelWidth;
                if (one.TransposeB)
                {
                    for (int panel = 0; panel < panels; panel++)
                        one.Pack(panel, 0, one.K, b + (panel * panelStep));
                }

                GemmTile.Panels(rows, b, ldb, panelStep, one.Y, one.N, one.M, one.N, one.K, one.Bias, accumulate: false);
            }
        }
    }

    /// <summary>Groups of whole windows, or of some queries each where there are many; the scores never leave the cache.</summary>
    private struct AttentionJob : IPoolJob
    {
        /// <summary>One image with one head has as many parts as it has so many queries: each packs the keys for itself, a hundredth of its work.</summary>
        public const int LargestQueries = 256;

        public float* Q;
        public float* K;
        public float* V;
        public float* Y;
        public float* Bias;
        public float* Mask;
        public float Scale;
        public int Masks;
        public int Heads;
        public int M;
        public int N;
        public int D;
        public int Total;
        public int Group;
        public int Blocks;

        public readonly void Run(int part)
        {
            float* scratch = ThreadScratch.Rent(AttentionWindow.ScratchLength(Math.Min(M, LargestQueries), N, D));
            for (int block = part * Group; block < Math.Min(Total, (part + 1) * Group); block++)
            {
                (int i, int first) = (block / Blocks, block % Blocks * LargestQueries);
                (long atQ, long atK) = ((((long)i * M) + first) * D, (long)i * N * D);
                float* bias = Bias == null ? null : Bias + ((((long)(i % Heads) * M) + first) * N);
                float* mask = Mask == null ? null : Mask + ((((long)(i / Heads % Masks) * M) + first) * N);
                AttentionWindow.Run(Q + atQ, K + atK, V + atK, D, Scale, bias, mask, Y + atQ, D, Math.Min(LargestQueries, M - first), N, D, scratch);
            }
        }
    }

    /// <summary>Where each batch's matrices begin in two operands whose batch dimensions may be repeated.</summary>
    private readonly struct BatchWalk(TensorShape a, TensorShape b, TensorShape y)
    {
        public (long A, long B) Offsets(int batch)
        {
            (long offsetA, long offsetB) = (0, 0);
            for (int d = y.Rank - 3; d >= 0; d--)
            {
                int at = batch % y[d];
                batch /= y[d];
                offsetA += a[d] == 1 ? 0 : (long)at * a.Stride(d);
                offsetB += b[d] == 1 ? 0 : (long)at * b.Stride(d);
            }

            return (offsetA, offsetB);
        }
    }
}
