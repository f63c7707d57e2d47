namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Permute(Tensor x, ReadOnlySpan<int> order, Tensor y)
    {
        // Dimensions that stay neighbors move as one.
        SmallList sizes = default;
        SmallList strides = default;
        for (int i = 0; i < order.Length; i++)
        {
            int size = x.Shape.Sizes[order[i]];
            int stride = x.Shape.Stride(order[i]);
            if (size == 1)
                continue;
            if (sizes.Count > 0 && strides.Last == size * stride)
            {
                sizes[sizes.Count - 1] *= size;
                strides[sizes.Count - 1] = stride;
                continue;
            }

            sizes.Add(size);
            strides.Add(stride);
        }

        if (sizes.Count <= 1 || y.Length == 0)
        {
            Copy(x, y);
            return;
        }

        // A transposition turns blocks of 8 x 8: a part has rows for whole ones.
        int band = Math.Clamp(Chunk / sizes.Last, Math.Min(strides.Last == 1 ? 1 : 16, sizes[sizes.Count - 2]), sizes[sizes.Count - 2]);
        var job = new PermuteJob { Sizes = sizes, Strides = strides, Band = band, X = Of(x), Y = Of(y) };
        _pool.Run(y.Length / (job.Inner * job.Middle) * job.Bands, job);
    }

    /// <inheritdoc/>
    public override void Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y) =>
        CopyRuns(y.Shape, x.Shape, starts, steps, Of(y), Of(x), isPut: false);

    /// <inheritdoc/>
    public override void PutSlice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y) =>
        CopyRuns(x.Shape, y.Shape, starts, steps, Of(x), Of(y), isPut: true);

    /// <inheritdoc/>
    public override void Gather(Tensor x, int[] rows, Tensor y)
    {
        int width = y.Length / Math.Max(rows.Length, 1);
        int group = RowsPerPart(width);
        _pool.Run(Parts(rows.Length, group), new GatherJob { Rows = rows, Width = width, Group = group, X = Of(x), Y = Of(y) });
    }

    /// <inheritdoc/>
    public override void ScatterAdd(Tensor dy, int[] rows, Tensor dx)
    {
        // Columns are independent of one another; rows may repeat, so they are added in their order.
        int width = dy.Length / Math.Max(rows.Length, 1);
        if (width == 0)
            return;
        int count = dx.Length / width;
        var sums = new double[(long)count * width];
        for (int i = 0; i < sums.Length; i++)
            sums[i] = Of(dx)[i];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int k = 0; k < width; k++)
                sums[((long)rows[i] * width) + k] += Of(dy)[((long)i * width) + k];
        }

        for (int i = 0; i < sums.Length; i++)
            Of(dx)[i] = (float)sums[i];
    }

    // Copies between all of a small tensor and a slice of a large one, run by run.
    private void CopyRuns(TensorShape small, TensorShape large, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, float* smallStart, float* largeStart, bool isPut)
    {
        if (small.Length == 0)
            return;
        SmallList sizes = default;
        SmallList strides = default;
        long origin = 0;
        int length = 1;
        int step = 1;
        bool growing = true;
        for (int d = small.Rank - 1; d >= 0; d--)
        {
            origin += (long)starts[d] * large.Stride(d);
            int size = small.Sizes[d];
            int stride = size == 1 ? 0 : steps[d] * large.Stride(d);
            if (growing && d == small.Rank - 1)
            {
                length = size;
                step = steps[d];
            }
            else if (growing && step == 1 && stride == length && sizes.Count == 0)
            {
                length *= size;
            }
            else if (size != 1)
            {
                growing = false;
                sizes.Add(size);
                strides.Add(stride);
            }
        }

        int rows = small.Length / length;
        // A single run is divided itself.
        if (rows == 1 && step == 1)
        {
            float* from = isPut ? smallStart : largeStart + origin;
            _pool.Run(Parts(length), new CopyJob(from, isPut ? largeStart + origin : smallStart, length));
            return;
        }

        int group = RowsPerPart(length);
        _pool.Run(Parts(rows, group), new RunsJob
        {
            Sizes = sizes, Strides = strides, Rows = rows, Group = group, Length = length, Step = step, Small = smallStart, Large = largeStart + origin, IsPut = isPut,
        });
    }

    private static void Copy(float* from, int fromStep, float* to, int toStep, int count)
    {
        if (fromStep == 1 && toStep == 1)
        {
            new Span<float>(from, count).CopyTo(new Span<float>(to, count));
            return;
        }

        for (int i = 0; i < count; i++)
            to[(long)i * toStep] = from[(long)i * fromStep];
    }

    /// <summary>Bands of rows of the planes that y's last two dimensions (after merging) make.</summary>
    private readonly struct PermuteJob : IPoolJob
    {
        /// <summary>Of y, outermost first.</summary>
        public SmallList Sizes { get; init; }

        /// <summary>In x.</summary>
        public SmallList Strides { get; init; }

        public int Band { get; init; }

        public float* X { get; init; }

        public float* Y { get; init; }

        public int Inner => Sizes.Last;

        public int Middle => Sizes[Sizes.Count - 2];

        public int Bands => Parts(Middle, Band);

        public void Run(int part)
        {
            (int plane, int band) = Math.DivRem(part, Bands);
            int first = band * Band;
            int last = Math.Min(Middle, first + Band);
            long offset = 0;
            for (int d = Sizes.Count - 3, rest = plane; d >= 0; d--)
            {
                (rest, int at) = Math.DivRem(rest, Sizes[d]);
                offset += (long)at * Strides[d];
            }

            int inner = Inner;
            int innerStride = Strides.Last;
            int middleStride = Strides[Strides.Count - 2];
            float* from = X + offset;
            float* to = Y + ((long)plane * Middle * inner);
            if (innerStride != 1)
            {
                Kernels.TransposeBlock.Run(from, innerStride, middleStride, to, inner, inner, first, last);
                return;
            }

            for (int m = first; m < last; m++)
                Copy(from + ((long)m * middleStride), 1, to + ((long)m * inner), 1, inner);
        }
    }

    private readonly struct RunsJob : IPoolJob
    {
        /// <summary>Of the small tensor's dimensions outside a run, innermost first.</summary>
        public SmallList Sizes { get; init; }

        /// <summary>In the large tensor.</summary>
        public SmallList Strides { get; init; }

        public int Rows { get; init; }

        public int Group { get; init; }

        public int Length { get; init; }

        /// <summary>Between the elements of a run in the large tensor.</summary>
        public int Step { get; init; }

        public float* Small { get; init; }

        public float* Large { get; init; }

        public bool IsPut { get; init; }

        public void Run(int part)
        {
            int first = part * Group;
            int end = first + Math.Min(Group, Rows - first);
            for (int row = first; row < end; row++)
            {
                float* large = Large;
                for (int d = 0, rest = row; d < Sizes.Count; d++)
                {
                    (rest, int at) = Math.DivRem(rest, Sizes[d]);
                    large += (long)at * Strides[d];
                }

                float* small = Small + ((long)row * Length);
                if (IsPut)
                    Copy(small, 1, large, Step, Length);
                else
                    Copy(large, Step, small, 1, Length);
            }
        }
    }

    private readonly struct GatherJob : IPoolJob
    {
        public int[] Rows { get; init; }

        public int Width { get; init; }

        public int Group { get; init; }

        public float* X { get; init; }

        public float* Y { get; init; }

        public void Run(int part)
        {
            int first = part * Group;
            int end = first + Math.Min(Group, Rows.Length - first);
            for (int i = first; i < end; i++)
                Copy(X + ((long)Rows[i] * Width), 1, Y + ((long)i * Width), 1, Width);
        }
    }
}
