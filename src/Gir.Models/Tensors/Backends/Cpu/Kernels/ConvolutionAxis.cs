namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// One direction of a gathering convolution: output i of this direction is written to position First + i Every, and is the sum over taps t of the
/// input at i Step + Offset(t) times the kernel's element Element(t). Both are arithmetic sequences.
/// </summary>
internal readonly struct ConvolutionAxis
{
    private readonly int _offset;
    private readonly int _offsetStep;
    private readonly int _element;
    private readonly int _elementStep;

    private ConvolutionAxis(int outputs, int taps, (int First, int Step) offsets, (int First, int Step) elements)
    {
        (Outputs, Taps) = (outputs, taps);
        (_offset, _offsetStep) = offsets;
        (_element, _elementStep) = elements;
        (Step, Every) = (1, 1);
    }

    public int Outputs { get; }

    /// <summary>How many elements of the kernel take part; 0 where none does.</summary>
    public int Taps { get; }

    public int Step { get; private init; }

    public int First { get; private init; }

    public int Every { get; private init; }

    /// <summary>The smallest offset.</summary>
    public int Lowest => Taps == 0 ? 0 : _offset;

    /// <summary>From the smallest offset to the largest.</summary>
    public int Span => Taps == 0 ? 0 : _offsetStep * (Taps - 1);

    /// <summary>The input of tap t beside that of the output.</summary>
    public int Offset(int tap) => _offset + (tap * _offsetStep);

    /// <summary>The kernel's element of tap t.</summary>
    public int Element(int tap) => _element + (tap * _elementStep);

    /// <summary>The forward direction.</summary>
    public static ConvolutionAxis Forward(int outputs, int kernel, in Conv2dGeometry g) =>
        new(outputs, kernel, (-g.Padding, g.Dilation), (0, 1)) { Step = g.Stride };

    /// <summary>
    /// The gradient with respect to inputs i = residue (mod stride): input i is reached by output (i + padding - k dilation) / stride for
    /// those k that make it whole, which are the same for all of them. They are written to their places, or apart: one behind the other.
    /// </summary>
    public static ConvolutionAxis Gradient(int inputs, int kernel, int residue, in Conv2dGeometry g, bool apart = false)
    {
        int last = kernel - 1;
        while (last >= 0 && (residue + g.Padding - (last * g.Dilation)) % g.Stride != 0)
            last--;
        int period = 1;
        while (period * g.Dilation % g.Stride != 0)
            period++;
        int outputs = inputs <= residue ? 0 : ((inputs - residue - 1) / g.Stride) + 1;
        (int, int) offsets = ((residue + g.Padding - (last * g.Dilation)) / g.Stride, period * g.Dilation / g.Stride);
        var axis = new ConvolutionAxis(outputs, last < 0 ? 0 : (last / period) + 1, offsets, (last, -period));
        return apart ? axis : axis with { First = residue, Every = g.Stride };
    }
}
