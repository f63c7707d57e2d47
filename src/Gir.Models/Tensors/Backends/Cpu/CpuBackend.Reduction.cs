using System.Buffers;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Columns summed together: their double sums stay in the L1 cache.
    private const int ColumnBlock = 1024;

    /// <inheritdoc/>
    public override void Broadcast(Tensor x, Tensor y) => Binary(new FirstLanes(), x, x, y);

    /// <inheritdoc/>
    public override void Sum(Tensor x, Tensor y)
    {
        if (x.Length == 0)
        {
            Fill(y, 0);
            return;
        }

        var walk = new ReductionWalk(x.Shape, y.Shape);
        if (!walk.InnerIsReduced)
            SumColumns(x, y, walk);
        else if (walk.KeptCount == 1 && walk.ReducedCount == 1)
            Of(y)[0] = (float)SumChunks(x, squares: false);
        else
            SumRows(x, y, walk);
    }

    /// <inheritdoc/>
    public override double SumOfSquares(Tensor x) => SumChunks(x, squares: true);

    /// <inheritdoc/>
    public override void Max(Tensor x, int dimension, Tensor y)
    {
        AxisExtent extent = ExtentOf(x.Shape, dimension);
        int group = RowsPerPart(extent.Count * extent.Inner);
        _pool.Run(Parts(extent.Outer, group), new MaxJob { Extent = extent, Group = group, X = Of(x), Y = Of(y) });
    }

    /// <inheritdoc/>
    public override void MaxGradient(Tensor x, Tensor dy, int dimension, Tensor dx)
    {
        AxisExtent extent = ExtentOf(x.Shape, dimension);
        Fill(dx, 0);
        int group = RowsPerPart(extent.Count * extent.Inner);
        _pool.Run(Parts(extent.Outer, group), new MaxJob { Extent = extent, Group = group, X = Of(x), Dy = Of(dy), Dx = Of(dx) });
    }

    // Sums of chunks, added in their order.
    private double SumChunks(Tensor x, bool squares)
    {
        int parts = Parts(x.Length);
        double[] sums = ArrayPool<double>.Shared.Rent(Math.Max(1, parts));
        _pool.Run(parts, new SumChunkJob { X = Of(x), Length = x.Length, Squares = squares, Sums = sums });
        double total = 0;
        for (int i = 0; i < parts; i++)
            total += sums[i];
        ArrayPool<double>.Shared.Return(sums);
        return total;
    }

    private void SumRows(Tensor x, Tensor y, in ReductionWalk walk)
    {
        int group = RowsPerPart(walk.ReducedCount * walk.InnerLength);
        _pool.Run(Parts(walk.KeptCount, group), new SumRowsJob { Walk = walk, Group = group, X = Of(x), Y = Of(y) });
    }

    // Where there are few results, the rows are divided too: each part of them has sums of its own, which are added in order.
    private void SumColumns(Tensor x, Tensor y, in ReductionWalk walk)
    {
        int rows = Math.Max(1, Chunk / Math.Min(walk.InnerLength, ColumnBlock));
        int bands = y.Length <= Chunk ? Parts(walk.ReducedCount, rows) : 1;
        var job = new SumColumnsJob { Walk = walk, Bands = bands, RowsPerBand = bands == 1 ? walk.ReducedCount : rows, X = Of(x), Y = Of(y) };
        if (bands == 1)
        {
            _pool.Run(job.Count, job);
            return;
        }

        using var sums = new PartialSums(bands, y.Length);
        _pool.Run(job.Count, job with { Sums = sums.Start });
        sums.AddUp(y);
    }

    private static AxisExtent ExtentOf(TensorShape shape, int dimension)
    {
        int outer = 1;
        for (int d = 0; d < dimension; d++)
            outer *= shape.Sizes[d];
        return new AxisExtent(outer, shape.Sizes[dimension], shape.Stride(dimension));
    }

    private readonly struct MaxJob : IPoolJob
    {
        public AxisExtent Extent { get; init; }

        public int Group { get; init; }

        public float* X { get; init; }

        public float* Y { get; init; }

        /// <summary>Of the gradient; null going forward.</summary>
        public float* Dy { get; init; }

        public float* Dx { get; init; }

        public void Run(int part)
        {
            (int count, int inner) = (Extent.Count, Extent.Inner);
            int first = part * Group;
            int end = first + Math.Min(Group, Extent.Outer - first);
            for (int outer = first; outer < end; outer++)
            {
                for (int i = 0; i < inner; i++)
                {
                    float* line = X + ((long)outer * count * inner) + i;
                    int best = 0;
                    for (int k = 1; k < count; k++)
                    {
                        if (line[(long)k * inner] > line[(long)best * inner])
                            best = k;
                    }

                    int target = (outer * inner) + i;
                    if (Dx is null)
                        Y[target] = line[(long)best * inner];
                    else
                        Dx[line - X + ((long)best * inner)] = Dy[target];
                }
            }
        }
    }

    private readonly struct SumChunkJob : IPoolJob
    {
        public float* X { get; init; }

        public int Length { get; init; }

        public bool Squares { get; init; }

        public double[] Sums { get; init; }

        public void Run(int part)
        {
            float* start = X + ((long)part * Chunk);
            int count = Math.Min(Chunk, Length - (part * Chunk));
            Sums[part] = Squares ? Kernels.Sums.Products(start, start, count) : Kernels.Sums.Run(start, count);
        }
    }

    private readonly struct SumRowsJob : IPoolJob
    {
        public ReductionWalk Walk { get; init; }

        public int Group { get; init; }

        public float* X { get; init; }

        public float* Y { get; init; }

        public void Run(int part)
        {
            ReductionWalk walk = Walk;
            int first = part * Group;
            int end = first + Math.Min(Group, walk.KeptCount - first);
            for (int kept = first; kept < end; kept++)
            {
                float* origin = X + walk.KeptOffset(kept);
                double sum = 0;
                for (int r = 0; r < walk.ReducedCount; r++)
                    sum += Sums.Run(origin + walk.ReducedOffset(r), walk.InnerLength);
                Y[kept] = (float)sum;
            }
        }
    }

    /// <summary>Blocks of columns by bands of rows.</summary>
    private readonly struct SumColumnsJob : IPoolJob
    {
        public ReductionWalk Walk { get; init; }

        public int Bands { get; init; }

        public int RowsPerBand { get; init; }

        public float* X { get; init; }

        /// <summary>Where the sums go if there is one band.</summary>
        public float* Y { get; init; }

        /// <summary>[bands, results], where there are several.</summary>
        public double* Sums { get; init; }

        public int Count => Walk.KeptCount * Blocks * Bands;

        private int Blocks => Parts(Walk.InnerLength, ColumnBlock);

        public void Run(int part)
        {
            ReductionWalk walk = Walk;
            (part, int band) = Math.DivRem(part, Bands);
            (int kept, int block) = Math.DivRem(part, Blocks);
            int column = block * ColumnBlock;
            int count = Math.Min(ColumnBlock, walk.InnerLength - column);
            int firstRow = band * RowsPerBand;
            int lastRow = firstRow + Math.Min(RowsPerBand, walk.ReducedCount - firstRow);
            int target = (kept * walk.InnerLength) + column;
            double* local = stackalloc double[ColumnBlock];
            double* sums = Bands == 1 ? local : Sums + ((long)band * walk.KeptCount * walk.InnerLength) + target;
            new Span<double>(sums, count).Clear();
            float* origin = X + walk.KeptOffset(kept) + column;
            for (int r = firstRow; r < lastRow; r++)
                Kernels.Sums.Accumulate(origin + walk.ReducedOffset(r), sums, count);
            for (int i = 0; i < count && Bands == 1; i++)
                Y[target + i] = (float)sums[i];
        }
    }
}
