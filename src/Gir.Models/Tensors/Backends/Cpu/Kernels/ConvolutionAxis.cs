namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// One direction of a gathering convolution: output i of this direction is written to position First + i Every, and is the sum over taps t of the
/// input at i Step + Offsets[t] times the kernel's element Elements[t].
/// </summary>
internal sealed class ConvolutionAxis
{
    private ConvolutionAxis(int outputs, int step, int first, int every, int[] offsets, int[] elements)
    {
        (Outputs, Step, First, Every, Offsets, Elements) = (outputs, step, first, every, offsets, elements);
        Lowest = offsets.Length == 0 ? 0 : offsets.Min();
        Span = offsets.Length == 0 ? 0 : offsets.Max() - Lowest;
    }

    public int Outputs { get; }

    public int Step { get; }

    public int First { get; }

    public int Every { get; }

    public int[] Offsets { get; }

    public int[] Elements { get; }

    /// <summary>The smallest offset.</summary>
    public int Lowest { get; }

    /// <summary>From the smallest offset to the largest.</summary>
    public int Span { get; }

    /// <summary>The forward direction.</summary>
    public static ConvolutionAxis Forward(int outputs, int kernel, in Conv2dGeometry g)
    {
        var offsets = new int[kernel];
        var elements = new int[kernel];
        for (int k = 0; k < kernel; k++)
            (offsets[k], elements[k]) = ((k * g.Dilation) - g.Padding, k);
        return new ConvolutionAxis(outputs, g.Stride, 0, 1, offsets, elements);
    }

    /// <summary>
    /// The gradient with respect to inputs i = residue (mod stride): input i is reached by output (i + padding - k dilation) / stride for
    /// those k that make it whole, which are the same for all of them. They are written to their places, or apart: one behind the other.
    /// </summary>
    public static ConvolutionAxis Gradient(int inputs, int kernel, int residue, in Conv2dGeometry g, bool apart = false)
    {
        var offsets = new List<int>();
        var elements = new List<int>();
        for (int k = kernel - 1; k >= 0; k--)
        {
            int scaled = residue + g.Padding - (k * g.Dilation);
            if (scaled % g.Stride == 0)
            {
                offsets.Add(scaled / g.Stride);
                elements.Add(k);
            }
        }

        int outputs = inputs <= residue ? 0 : ((inputs - residue - 1) / g.Stride) + 1;
        return new ConvolutionAxis(outputs, 1, apart ? 0 : residue, apart ? 1 : g.Stride, [.. offsets], [.. elements]);
    }
}
