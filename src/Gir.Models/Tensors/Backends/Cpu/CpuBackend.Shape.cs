namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Permute(Tensor x, ReadOnlySpan<int> order, Tensor y)
    {
        // Dimensions that stay neighbours move as one.
        var sizes = new List<int>();
        var strides = new List<int>();
        for (int i = 0; i < order.Length; i++)
        {
            int size = x.Shape.Sizes[order[i]];
            int stride = x.Shape.Stride(order[i]);
            if (size == 1)
                continue;
            if (sizes.Count > 0 && strides[^1] == size * stride)
            {
                sizes[^1] *= size;
                strides[^1] = stride;
                continue;
            }

            sizes.Add(size);
            strides.Add(stride);
        }

        if (sizes.Count <= 1)
        {
            Copy(x, y);
            return;
        }

        int inner = sizes[^1];
        int innerStride = strides[^1];
        int middle = sizes[^2];
        int middleStride = strides[^2];
        int[] outerSizes = [.. sizes.Take(sizes.Count - 2)];
        int[] outerStrides = [.. strides.Take(strides.Count - 2)];
        int planes = y.Length / (inner * middle);
        int band = Math.Max(1, Math.Min(middle, Chunk / inner));
        int bands = (middle + band - 1) / band;
        Parallel(planes * bands, part =>
        {
            int plane = part / bands;
            int first = part % bands * band;
            int last = Math.Min(middle, first + band);
            long offset = 0;
            for (int d = outerSizes.Length - 1, rest = plane; d >= 0; d--)
            {
                offset += (long)(rest % outerSizes[d]) * outerStrides[d];
                rest /= outerSizes[d];
            }

            float* from = Of(x) + offset;
            float* to = Of(y) + ((long)plane * middle * inner);
            if (innerStride == 1)
            {
                for (int m = first; m < last; m++)
                    new Span<float>(from + ((long)m * middleStride), inner).CopyTo(new Span<float>(to + ((long)m * inner), inner));
            }
            else
            {
                Kernels.TransposeBlock.Run(from, innerStride, middleStride, to, inner, inner, first, last);
            }
        });
    }

    /// <inheritdoc/>
    public override void Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y) =>
        Walk(y.Shape, x.Shape, starts, steps, (small, large, run, step) => Copy(Of(x) + large, step, Of(y) + small, 1, run));

    /// <inheritdoc/>
    public override void PutSlice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y) =>
        Walk(x.Shape, y.Shape, starts, steps, (small, large, run, step) => Copy(Of(x) + small, 1, Of(y) + large, step, run));

    /// <inheritdoc/>
    public override void Gather(Tensor x, int[] rows, Tensor y)
    {
        int width = y.Length / Math.Max(rows.Length, 1);
        ForRows(rows.Length, width, (start, end) =>
        {
            for (int i = start; i < end; i++)
                Copy(Of(x) + ((long)rows[i] * width), 1, Of(y) + ((long)i * width), 1, width);
        });
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

    // Calls back for every run of the small tensor: its offset, that in the large one, the run's length and step.
    private void Walk(TensorShape small, TensorShape large, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Action<long, long, int, int> run)
    {
        if (small.Length == 0)
            return;
        var sizes = new List<int>();
        var strides = new List<long>();
        long origin = 0;
        int length = 1;
        int step = 1;
        bool growing = true;
        for (int d = small.Rank - 1; d >= 0; d--)
        {
            origin += (long)starts[d] * large.Stride(d);
            long stride = (long)steps[d] * large.Stride(d);
            int size = small.Sizes[d];
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
        ForRows(rows, length, (start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                long offset = origin;
                for (int d = 0, rest = row; d < sizes.Count; d++)
                {
                    offset += rest % sizes[d] * strides[d];
                    rest /= sizes[d];
                }

                run((long)row * length, offset, length, step);
            }
        });
    }
}
