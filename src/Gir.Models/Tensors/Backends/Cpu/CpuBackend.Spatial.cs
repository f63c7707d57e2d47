namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Pad2d(Tensor x, in Padding2d padding, Tensor y)
    {
        Padding2d p = padding;
        (int h, int w, int oh, int ow) = (x.Shape[2], x.Shape[3], y.Shape[2], y.Shape[3]);
        int[] rows = Sources(oh, h, p.Top, p.Mode);
        int[] columns = Sources(ow, w, p.Left, p.Mode);
        int first = Math.Max(0, p.Left);
        int inside = Math.Max(0, Math.Min(ow, w + p.Left) - first);
        ForRows(x.Shape[0] * x.Shape[1] * oh, ow, (start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                var target = new Span<float>(Of(y) + ((long)row * ow), ow);
                int source = rows[row % oh];
                if (source < 0)
                {
                    target.Fill(p.Value);
                    continue;
                }

                float* from = Of(x) + ((((long)row / oh * h) + source) * w);
                new Span<float>(from + first - p.Left, inside).CopyTo(target[first..]);
                for (int i = 0; i < first; i++)
                    target[i] = columns[i] < 0 ? p.Value : from[columns[i]];
                for (int i = first + inside; i < ow; i++)
                    target[i] = columns[i] < 0 ? p.Value : from[columns[i]];
            }
        });
    }

    /// <inheritdoc/>
    public override void Pad2dGradient(Tensor dy, in Padding2d padding, Tensor dx)
    {
        Padding2d p = padding;
        (int h, int w, int oh, int ow) = (dx.Shape[2], dx.Shape[3], dy.Shape[2], dy.Shape[3]);
        int[] rows = Sources(oh, h, p.Top, p.Mode);
        int[] columns = Sources(ow, w, p.Left, p.Mode);
        Fill(dx, 0);
        // One part per plane: rows of a plane may fold onto one another.
        Parallel(dx.Shape[0] * dx.Shape[1], plane =>
        {
            for (int oy = 0; oy < oh; oy++)
            {
                if (rows[oy] < 0)
                    continue;
                float* from = Of(dy) + ((((long)plane * oh) + oy) * ow);
                float* to = Of(dx) + ((((long)plane * h) + rows[oy]) * w);
                for (int ox = 0; ox < ow; ox++)
                {
                    if (columns[ox] >= 0)
                        to[columns[ox]] += from[ox];
                }
            }
        });
    }

    /// <inheritdoc/>
    public override void Resample(Tensor x, ResamplingTaps rows, ResamplingTaps columns, Tensor y)
    {
        int w = columns.InputSize;
        int ow = columns.OutputSize;
        ForRows(x.Shape[0] * x.Shape[1] * rows.OutputSize, w + ow, (start, end) =>
        {
            float[] scratch = System.Buffers.ArrayPool<float>.Shared.Rent(w);
            for (int row = start; row < end; row++)
            {
                int oy = row % rows.OutputSize;
                float* plane = Of(x) + ((long)row / rows.OutputSize * rows.InputSize * w);
                Span<float> line = scratch.AsSpan(0, w);
                line.Clear();
                for (int k = 0; k < rows.TapCount; k++)
                {
                    int tap = (oy * rows.TapCount) + k;
                    fixed (float* sum = line)
                        Kernels.Elementwise.Run(new Kernels.AddScaledLanes(rows.Weights[tap]), plane + ((long)rows.Indices[tap] * w), sum, null, sum, w);
                }

                float* target = Of(y) + ((long)row * ow);
                for (int ox = 0; ox < ow; ox++)
                {
                    float sum = 0;
                    for (int k = 0; k < columns.TapCount; k++)
                        sum += columns.Weights[(ox * columns.TapCount) + k] * line[columns.Indices[(ox * columns.TapCount) + k]];
                    target[ox] = sum;
                }
            }

            System.Buffers.ArrayPool<float>.Shared.Return(scratch);
        });
    }

    /// <inheritdoc/>
    public override void ResampleGradient(Tensor dy, ResamplingTaps rows, ResamplingTaps columns, Tensor dx)
    {
        (int w, int ow) = (columns.InputSize, columns.OutputSize);
        Fill(dx, 0);
        Parallel(dx.Shape[0] * dx.Shape[1], plane =>
        {
            float[] scratch = System.Buffers.ArrayPool<float>.Shared.Rent(w);
            Span<float> line = scratch.AsSpan(0, w);
            for (int oy = 0; oy < rows.OutputSize; oy++)
            {
                line.Clear();
                float* from = Of(dy) + ((((long)plane * rows.OutputSize) + oy) * ow);
                for (int tap = 0; tap < ow * columns.TapCount; tap++)
                    line[columns.Indices[tap]] += columns.Weights[tap] * from[tap / columns.TapCount];
                for (int k = 0; k < rows.TapCount; k++)
                {
                    int tap = (oy * rows.TapCount) + k;
                    float* to = Of(dx) + ((((long)plane * rows.InputSize) + rows.Indices[tap]) * w);
                    fixed (float* source = line)
                        Kernels.Elementwise.Run(new Kernels.AddScaledLanes(rows.Weights[tap]), source, to, null, to, w);
                }
            }

            System.Buffers.ArrayPool<float>.Shared.Return(scratch);
        });
    }

    /// <inheritdoc/>
    public override void Unfold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        Conv2dGeometry g = geometry;
        (int h, int w) = (x.Shape[2], x.Shape[3]);
        (int oh, int ow) = (g.OutputHeight(h), g.OutputWidth(w));
        int taps = g.KernelHeight * g.KernelWidth;
        Parallel(x.Shape[0] * x.Shape[1] * taps, column =>
        {
            float* plane = Of(x) + ((long)column / taps * h * w);
            float* target = Of(y) + ((long)column * oh * ow);
            (int ky, int kx) = (column % taps / g.KernelWidth, column % g.KernelWidth);
            for (int oy = 0; oy < oh; oy++)
            {
                int iy = (oy * g.Stride) - g.Padding + (ky * g.Dilation);
                for (int ox = 0; ox < ow; ox++)
                {
                    int ix = (ox * g.Stride) - g.Padding + (kx * g.Dilation);
                    bool inside = (uint)iy < (uint)h && (uint)ix < (uint)w;
                    target[(oy * ow) + ox] = inside ? plane[(iy * w) + ix] : 0;
                }
            }
        });
    }

    /// <inheritdoc/>
    public override void Fold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        Conv2dGeometry g = geometry;
        (int h, int w) = (y.Shape[2], y.Shape[3]);
        (int oh, int ow) = (g.OutputHeight(h), g.OutputWidth(w));
        int taps = g.KernelHeight * g.KernelWidth;
        Fill(y, 0);
        Parallel(y.Shape[0] * y.Shape[1], channel =>
        {
            float* plane = Of(y) + ((long)channel * h * w);
            for (int tap = 0; tap < taps; tap++)
            {
                float* source = Of(x) + ((((long)channel * taps) + tap) * oh * ow);
                (int ky, int kx) = (tap / g.KernelWidth, tap % g.KernelWidth);
                for (int oy = 0; oy < oh; oy++)
                {
                    int iy = (oy * g.Stride) - g.Padding + (ky * g.Dilation);
                    for (int ox = 0; ox < ow && (uint)iy < (uint)h; ox++)
                    {
                        int ix = (ox * g.Stride) - g.Padding + (kx * g.Dilation);
                        if ((uint)ix < (uint)w)
                            plane[(iy * w) + ix] += source[(oy * ow) + ox];
                    }
                }
            }
        });
    }

    /// <inheritdoc/>
    public override void MaxPool(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        Conv2dGeometry g = geometry;
        (int h, int w, int oh, int ow) = (x.Shape[2], x.Shape[3], y.Shape[2], y.Shape[3]);
        Parallel(x.Shape[0] * x.Shape[1], channel =>
        {
            float* plane = Of(x) + ((long)channel * h * w);
            float* pooled = Of(y) + ((long)channel * oh * ow);
            for (int o = 0; o < oh * ow; o++)
                pooled[o] = plane[LargestOfWindow(plane, h, w, o / ow, o % ow, g)];
        });
    }

    /// <inheritdoc/>
    public override void MaxPoolGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dx)
    {
        Conv2dGeometry g = geometry;
        (int h, int w, int oh, int ow) = (x.Shape[2], x.Shape[3], dy.Shape[2], dy.Shape[3]);
        Fill(dx, 0);
        Parallel(x.Shape[0] * x.Shape[1], channel =>
        {
            float* plane = Of(x) + ((long)channel * h * w);
            float* gradient = Of(dx) + ((long)channel * h * w);
            float* pooled = Of(dy) + ((long)channel * oh * ow);
            for (int o = 0; o < oh * ow; o++)
                gradient[LargestOfWindow(plane, h, w, o / ow, o % ow, g)] += pooled[o];
        });
    }

    // The first of equals; a window holds at least one pixel of the plane.
    private static int LargestOfWindow(float* plane, int h, int w, int row, int column, in Conv2dGeometry g)
    {
        int top = (row * g.Stride) - g.Padding;
        int left = (column * g.Stride) - g.Padding;
        int best = -1;
        for (int iy = Math.Max(top, 0); iy < Math.Min(top + g.KernelHeight, h); iy++)
        {
            for (int ix = Math.Max(left, 0); ix < Math.Min(left + g.KernelWidth, w); ix++)
            {
                if (best < 0 || plane[(iy * w) + ix] > plane[best])
                    best = (iy * w) + ix;
            }
        }

        return best;
    }

    private static int[] Sources(int output, int input, int before, TensorPadMode mode)
    {
        var sources = new int[output];
        for (int i = 0; i < output; i++)
        {
            int at = i - before;
            sources[i] = mode switch
            {
                TensorPadMode.Replicate => Math.Clamp(at, 0, input - 1),
                TensorPadMode.Reflect => at < 0 ? -at : at >= input ? (2 * input) - 2 - at : at,
                TensorPadMode.Circular => ((at % input) + input) % input,
                _ => (uint)at < (uint)input ? at : -1,
            };
        }

        return sources;
    }
}
