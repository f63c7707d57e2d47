using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Softmax(Tensor x, in AxisExtent extent, bool logarithm, Tensor y) =>
        _pool.Run(AxisParts(extent), new SoftmaxJob { Extent = extent, X = Of(x), Y = Of(y), Logarithm = logarithm });

    /// <inheritdoc/>
    public override void SoftmaxGradient(Tensor y, Tensor dy, in AxisExtent extent, bool logarithm, Tensor dx) =>
        _pool.Run(AxisParts(extent), new SoftmaxGradientJob { Extent = extent, Y = Of(y), Dy = Of(dy), Dx = Of(dx), Logarithm = logarithm });

    /// <inheritdoc/>
    public override void Normalize(
        Tensor x, Tensor? weight, Tensor? bias, in AxisExtent extent, float epsilon, bool subtractMean, Tensor y, Tensor mean, Tensor reciprocal) =>
        _pool.Run(AxisParts(extent), new NormalizeJob
        {
            Extent = extent, X = Of(x), Weight = OfOptional(weight), Bias = OfOptional(bias), Epsilon = epsilon, SubtractMean = subtractMean,
            Y = Of(y), Mean = Of(mean), Reciprocal = Of(reciprocal),
        });

    /// <inheritdoc/>
    public override void NormalizeGradient(
        Tensor x, Tensor? weight, Tensor mean, Tensor reciprocal, Tensor dy, in AxisExtent extent, bool subtractMean, Tensor dx, Tensor? dweight, Tensor? dbias)
    {
        _pool.Run(AxisParts(extent), new NormalizeGradientJob
        {
            Extent = extent, X = Of(x), Weight = OfOptional(weight), Mean = Of(mean), Reciprocal = Of(reciprocal), Dy = Of(dy), SubtractMean = subtractMean,
            Dx = Of(dx),
        });
        if (dweight is null && dbias is null)
            return;
        int parts = FactorGradientJob.Parts(extent);
        using var weights = new PartialSums(parts, extent.Count);
        using var biases = new PartialSums(parts, extent.Count);
        var job = new FactorGradientJob
        {
            Extent = extent, X = Of(x), Dy = Of(dy), Mean = subtractMean ? Of(mean) : null, Reciprocal = Of(reciprocal), Weights = weights.Start, Biases = biases.Start,
        };
        _pool.Run(extent.Inner == 1 ? parts : extent.Count, job);
        if (dweight is not null)
            weights.AddUp(dweight);
        if (dbias is not null)
            biases.AddUp(dbias);
    }

    // A part is a group of rows, or a tile of columns where the axis is not the innermost one.
    private static int AxisParts(in AxisExtent extent)
    {
        if ((long)extent.Outer * extent.Count * extent.Inner == 0)
            return 0;
        return extent.Inner == 1 ? Parts(extent.Outer, RowsPerPart(extent.Count)) : extent.Outer * Parts(extent.Inner, ColumnTile.WidthFor(extent.Count));
    }

    /// <summary>Where a part of an [outer, n, inner] job lies.</summary>
    private readonly struct AxisPart
    {
        public AxisPart(in AxisExtent extent, int part)
        {
            if (extent.Inner == 1)
            {
                int group = RowsPerPart(extent.Count);
                Line = part * group;
                Count = Math.Min(group, extent.Outer - Line);
                Origin = (long)Line * extent.Count;
                return;
            }

            int width = ColumnTile.WidthFor(extent.Count);
            (int outer, int tile) = Math.DivRem(part, Parts(extent.Inner, width));
            int column = tile * width;
            Line = (outer * extent.Inner) + column;
            Count = Math.Min(width, extent.Inner - column);
            Origin = ((long)outer * extent.Count * extent.Inner) + column;
        }

        /// <summary>Number of the first row or column.</summary>
        public int Line { get; }

        /// <summary>Rows or columns.</summary>
        public int Count { get; }

        /// <summary>Offset of the first element.</summary>
        public long Origin { get; }
    }

    private readonly struct SoftmaxJob : IPoolJob
    {
        public AxisExtent Extent { get; init; }

        public float* X { get; init; }

        public float* Y { get; init; }

        public bool Logarithm { get; init; }

        public void Run(int part)
        {
            var at = new AxisPart(Extent, part);
            int length = Extent.Count;
            if (Extent.Inner == 1)
            {
                SoftmaxRows.Forward(X + at.Origin, Y + at.Origin, at.Count, length, Logarithm);
                return;
            }

            var tile = new ColumnTile(ThreadScratch.Rent(ColumnTile.ScratchLength(length, at.Count)), length, at.Count);
            tile.Read(X + at.Origin, Extent.Inner);
            SoftmaxColumns.Forward(tile, Logarithm, Y + at.Origin, Extent.Inner);
        }
    }

    private readonly struct SoftmaxGradientJob : IPoolJob
    {
        public AxisExtent Extent { get; init; }

        public float* Y { get; init; }

        public float* Dy { get; init; }

        public float* Dx { get; init; }

        public bool Logarithm { get; init; }

        public void Run(int part)
        {
            var at = new AxisPart(Extent, part);
            int length = Extent.Count;
            if (Extent.Inner == 1)
            {
                SoftmaxRows.Gradient(Y + at.Origin, Dy + at.Origin, Dx + at.Origin, at.Count, length, Logarithm);
                return;
            }

            long size = ColumnTile.ScratchLength(length, at.Count);
            float* scratch = ThreadScratch.Rent(2 * size);
            var y = new ColumnTile(scratch, length, at.Count);
            var dy = new ColumnTile(scratch + size, length, at.Count);
            y.Read(Y + at.Origin, Extent.Inner);
            dy.Read(Dy + at.Origin, Extent.Inner);
            SoftmaxColumns.Gradient(y, dy, Logarithm, Dx + at.Origin, Extent.Inner);
        }
    }

    private readonly struct NormalizeJob : IPoolJob
    {
        public AxisExtent Extent { get; init; }

        public float* X { get; init; }

        public float* Weight { get; init; }

        public float* Bias { get; init; }

        public float Epsilon { get; init; }

        public bool SubtractMean { get; init; }

        public float* Y { get; init; }

        public float* Mean { get; init; }

        public float* Reciprocal { get; init; }

        public void Run(int part)
        {
            var at = new AxisPart(Extent, part);
            int length = Extent.Count;
            if (Extent.Inner == 1)
            {
                NormalizeRows.Forward(
                    X + at.Origin, at.Count, length, Weight, Bias, Epsilon, SubtractMean, Y + at.Origin, Mean + at.Line, Reciprocal + at.Line);
                return;
            }

            var tile = new ColumnTile(ThreadScratch.Rent(ColumnTile.ScratchLength(length, at.Count)), length, at.Count);
            tile.Read(X + at.Origin, Extent.Inner);
            NormalizeColumns.Forward(tile, Weight, Bias, Epsilon, SubtractMean, Y + at.Origin, Extent.Inner, Mean + at.Line, Reciprocal + at.Line);
        }
    }

    private readonly struct NormalizeGradientJob : IPoolJob
    {
        public AxisExtent Extent { get; init; }

        public float* X { get; init; }

        public float* Weight { get; init; }

        public float* Mean { get; init; }

        public float* Reciprocal { get; init; }

        public float* Dy { get; init; }

        public bool SubtractMean { get; init; }

        public float* Dx { get; init; }

        public void Run(int part)
        {
            var at = new AxisPart(Extent, part);
            int length = Extent.Count;
            if (Extent.Inner == 1)
            {
                NormalizeRows.Gradient(
                    X + at.Origin, Dy + at.Origin, at.Count, length, Weight, Mean + at.Line, Reciprocal + at.Line, SubtractMean, Dx + at.Origin);
                return;
            }

            long size = ColumnTile.ScratchLength(length, at.Count);
            float* scratch = ThreadScratch.Rent(2 * size);
            var x = new ColumnTile(scratch, length, at.Count);
            var dy = new ColumnTile(scratch + size, length, at.Count);
            x.Read(X + at.Origin, Extent.Inner);
            dy.Read(Dy + at.Origin, Extent.Inner);
            NormalizeColumns.Gradient(x, dy, Weight, Mean + at.Line, Reciprocal + at.Line, SubtractMean, Dx + at.Origin, Extent.Inner);
        }
    }

    /// <summary>Sums for the gradients of weight and bias, by groups of rows where the axis is the innermost one, else one element of it at a time.</summary>
    private readonly struct FactorGradientJob : IPoolJob
    {
        private const int MostParts = 16;

        public AxisExtent Extent { get; init; }

        public float* X { get; init; }

        public float* Dy { get; init; }

        public float* Mean { get; init; }

        public float* Reciprocal { get; init; }

        /// <summary>[parts, length].</summary>
        public double* Weights { get; init; }

        /// <summary>[parts, length].</summary>
        public double* Biases { get; init; }

        public static int Parts(in AxisExtent extent) => extent.Inner == 1 ? Math.Clamp(extent.Outer / 64, 1, MostParts) : 1;

        public void Run(int part)
        {
            int length = Extent.Count;
            int parts = Parts(Extent);
            if (Extent.Inner == 1)
            {
                int first = (int)((long)Extent.Outer * part / parts);
                int last = (int)((long)Extent.Outer * (part + 1) / parts);
                long at = (long)first * length;
                NormalizeRows.AddFactorGradients(
                    X + at, Dy + at, last - first, length, Mean == null ? null : Mean + first, Reciprocal + first, Weights + (part * length), Biases + (part * length));
                return;
            }

            for (int outer = 0; outer < Extent.Outer; outer++)
            {
                long at = (((long)outer * length) + part) * Extent.Inner;
                int line = outer * Extent.Inner;
                (double weight, double bias) = NormalizeColumns.FactorSums(X + at, Dy + at, Mean == null ? null : Mean + line, Reciprocal + line, Extent.Inner);
                Weights[part] += weight;
                Biases[part] += bias;
            }
        }
    }
}
