using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Columns summed together: their double sums stay in the L1 cache.
    private const int ColumnBlock = 1024;

    /// <inheritdoc/>
    public override void Broadcast(Tensor x, Tensor y) => Binary(new FirstLanes(), x, y, y);

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
            Of(y)[0] = (float)SumAll(x);
        else
            SumRows(x, y, walk);
    }

    /// <inheritdoc/>
    public override double SumOfSquares(Tensor x)
    {
        int parts = Math.Max(1, (x.Length + Chunk - 1) / Chunk);
        var sums = new double[parts];
        Parallel(parts, i => sums[i] = Sums.Products(Of(x) + (i * Chunk), Of(x) + (i * Chunk), Math.Min(Chunk, x.Length - (i * Chunk))));
        return sums.Sum();
    }

    /// <inheritdoc/>
    public override void Max(Tensor x, int dimension, Tensor y, int[] indices)
    {
        AxisExtent extent = ExtentOf(x.Shape, dimension);
        ForRows(extent.Outer, extent.Count * extent.Inner, (start, end) =>
        {
            for (int outer = start; outer < end; outer++)
            {
                for (int inner = 0; inner < extent.Inner; inner++)
                {
                    float* line = Of(x) + ((long)outer * extent.Count * extent.Inner) + inner;
                    int best = 0;
                    for (int k = 1; k < extent.Count; k++)
                    {
                        if (line[(long)k * extent.Inner] > line[(long)best * extent.Inner])
                            best = k;
                    }

                    int target = (outer * extent.Inner) + inner;
                    Of(y)[target] = line[(long)best * extent.Inner];
                    indices[target] = best;
                }
            }
        });
    }

    /// <inheritdoc/>
    public override void MaxGradient(Tensor dy, int dimension, int[] indices, Tensor dx)
    {
        AxisExtent extent = ExtentOf(dx.Shape, dimension);
        Fill(dx, 0);
        for (int i = 0; i < indices.Length; i++)
        {
            long line = (long)(i / extent.Inner) * extent.Count * extent.Inner;
            Of(dx)[line + ((long)indices[i] * extent.Inner) + (i % extent.Inner)] = Of(dy)[i];
        }
    }

    private double SumAll(Tensor x)
    {
        int parts = (x.Length + Chunk - 1) / Chunk;
        var sums = new double[parts];
        Parallel(parts, i => sums[i] = Sums.Run(Of(x) + (i * Chunk), Math.Min(Chunk, x.Length - (i * Chunk))));
        return sums.Sum();
    }

    private void SumRows(Tensor x, Tensor y, ReductionWalk walk) => ForRows(walk.KeptCount, walk.ReducedCount * walk.InnerLength, (start, end) =>
    {
        for (int kept = start; kept < end; kept++)
        {
            float* origin = Of(x) + walk.KeptOffset(kept);
            double sum = 0;
            for (int r = 0; r < walk.ReducedCount; r++)
                sum += Sums.Run(origin + walk.ReducedOffset(r), walk.InnerLength);
            Of(y)[kept] = (float)sum;
        }
    });

    private void SumColumns(Tensor x, Tensor y, ReductionWalk walk)
    {
        int blocks = (walk.InnerLength + ColumnBlock - 1) / ColumnBlock;
        Parallel(walk.KeptCount * blocks, part =>
        {
            int kept = part / blocks;
            int first = part % blocks * ColumnBlock;
            int count = Math.Min(ColumnBlock, walk.InnerLength - first);
            double* sums = stackalloc double[ColumnBlock];
            new Span<double>(sums, count).Clear();
            float* origin = Of(x) + walk.KeptOffset(kept) + first;
            for (int r = 0; r < walk.ReducedCount; r++)
                Sums.Accumulate(origin + walk.ReducedOffset(r), sums, count);
            float* target = Of(y) + ((long)kept * walk.InnerLength) + first;
            for (int i = 0; i < count; i++)
                target[i] = (float)sums[i];
        });
    }

    private static AxisExtent ExtentOf(TensorShape shape, int dimension)
    {
        int outer = 1;
        for (int d = 0; d < dimension; d++)
            outer *= shape.Sizes[d];
        return new AxisExtent(outer, shape.Sizes[dimension], shape.Stride(dimension));
    }
}
