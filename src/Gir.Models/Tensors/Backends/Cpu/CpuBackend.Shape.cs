using System.Runtime.CompilerServices;

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

        // A transposition turns blocks of 8 x 8: a part has rows for whole ones. Of small planes a part has several.
        int middle = sizes[sizes.Count - 2];
        int band = Math.Clamp(Chunk / sizes.Last, Math.Min(strides.Last == 1 ? 1 : 16, middle), middle);
        int planes = y.Length / (sizes.Last * middle);
        int group = band < middle ? 1 : RowsPerPart(sizes.Last * middle);
        var job = new PermuteJob { Sizes = sizes, Strides = strides, Band = band, Planes = planes, Group = group, X = Of(x), Y = Of(y) };
        _pool.Run(Parts(planes, group) * job.Bands, job);
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

    /// <summary>Bands of rows of the planes that y's last two dimensions (after merging) make, or groups of whole planes.</summary>
    private readonly struct PermuteJob : IPoolJob
    {
        /// <summary>Of y, outermost first.</summary>
        public SmallList Sizes { get; init; }

        /// <summary>In x.</summary>
        public SmallList Strides { get; init; }

        public int Band { get; init; }

        public int Planes { get; init; }

        /// <summary>Planes of a part; 1 where a plane has several bands.</summary>
        public int Group { get; init; }

        public float* X { get; init; }

        public float* Y { get; init; }

        public int Middle => Sizes[Sizes.Count - 2];

        public int Bands => Parts(Middle, Band);

        // Called a few times with many planes each: it must not begin in the slow code of the first tier.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int part)
        {
            (int group, int band) = Math.DivRem(part, Bands);
            int firstRow = band * Band;
            int lastRow = Math.Min(Middle, firstRow + Band);
            SmallList place = default;
            SmallList sizes = Sizes;
            SmallList strides = Strides;
            long offset = 0;
            int outer = sizes.Count - 2;
            for (int d = 0; d < outer; d++)
                place.Add(0);
            for (int d = outer - 1, rest = group * Group; d >= 0; d--)
            {
                (rest, place[d]) = Math.DivRem(rest, sizes[d]);
                offset += (long)place[d] * strides[d];
            }

            int inner = sizes.Last;
            int innerStride = strides.Last;
            int middle = sizes[outer];
            int middleStride = strides[outer];
            float* to = Y + ((long)group * Group * middle * inner);
            for (int left = Math.Min(Group, Planes - (group * Group)); left > 0; left--, to += (long)middle * inner)
            {
                float* from = X + offset;
                if (innerStride != 1)
                {
                    Kernels.TransposeBlock.Run(from, innerStride, middleStride, to, inner, inner, firstRow, lastRow);
                }
                else
                {
                    for (int m = firstRow; m < lastRow; m++)
                        Copy(from + ((long)m * middleStride), 1, to + ((long)m * inner), 1, inner);
                }

                for (int d = outer - 1; d >= 0; d--)
                {
                    offset += strides[d];
                    if (++place[d] < sizes[d])
                        break;
                    offset -= (long)sizes[d] * strides[d];
                    place[d] = 0;
                }
            }
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
