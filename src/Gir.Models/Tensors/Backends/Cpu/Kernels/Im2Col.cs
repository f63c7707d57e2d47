namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The windows of some output rows as a matrix [c kh kw, rows ow] with row stride <c>pitch</c>, and the way back. Aliasing: none.
/// </summary>
internal static unsafe class Im2Col
{
    public static void Forward(float* x, int channels, int height, int width, in Conv2dGeometry g, int ow, int firstRow, int rows, float* matrix, int pitch) =>
        Forward(x, 0, channels * g.KernelHeight * g.KernelWidth, height, width, g, ow, firstRow, rows, matrix, pitch);

    /// <summary>Some rows of that matrix, in place of the first ones.</summary>
    public static void Forward(
        float* x, int first, int count, int height, int width, in Conv2dGeometry g, int ow, int firstRow, int rows, float* matrix, int pitch)
    {
        for (int window = first; window < first + count; window++, matrix += pitch)
        {
            (int line, int kx) = Math.DivRem(window, g.KernelWidth);
            (int c, int ky) = Math.DivRem(line, g.KernelHeight);
            int shift = (kx * g.Dilation) - g.Padding;
            (int begin, int end) = Inside(shift, g.Stride, width, ow);
            for (int r = 0; r < rows; r++)
            {
                var target = new Span<float>(matrix + (r * ow), ow);
                int iy = ((firstRow + r) * g.Stride) - g.Padding + (ky * g.Dilation);
                if ((uint)iy >= (uint)height || end <= begin)
                {
                    target.Clear();
                    continue;
                }

                float* source = x + ((((long)c * height) + iy) * width) + shift;
                target[..begin].Clear();
                target[end..].Clear();
                if (g.Stride == 1)
                {
                    new Span<float>(source + begin, end - begin).CopyTo(target[begin..]);
                }
                else
                {
                    for (int i = begin; i < end; i++)
                        target[i] = source[(long)i * g.Stride];
                }
            }
        }
    }

    /// <summary>Adds the matrix back onto the image.</summary>
    public static void Backward(float* matrix, int pitch, int channels, int height, int width, in Conv2dGeometry g, int ow, int firstRow, int rows, float* x)
    {
        for (int c = 0; c < channels; c++)
        {
            for (int ky = 0; ky < g.KernelHeight; ky++)
            {
                for (int kx = 0; kx < g.KernelWidth; kx++, matrix += pitch)
                {
                    int shift = (kx * g.Dilation) - g.Padding;
                    (int begin, int end) = Inside(shift, g.Stride, width, ow);
                    for (int r = 0; r < rows; r++)
                    {
                        int iy = ((firstRow + r) * g.Stride) - g.Padding + (ky * g.Dilation);
                        if ((uint)iy >= (uint)height)
                            continue;
                        float* target = x + ((((long)c * height) + iy) * width) + shift;
                        float* source = matrix + (r * ow);
                        for (int i = begin; i < end; i++)
                            target[(long)i * g.Stride] += source[i];
                    }
                }
            }
        }
    }

    // Output columns whose tap falls inside the row.
    private static (int Begin, int End) Inside(int shift, int stride, int width, int ow)
    {
        int begin = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
        int end = width - shift <= 0 ? 0 : ((width - shift - 1) / stride) + 1;
        return (Math.Min(begin, ow), Math.Clamp(end, 0, ow));
    }
}
