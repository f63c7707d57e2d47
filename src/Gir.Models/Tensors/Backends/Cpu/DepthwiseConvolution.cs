using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>A 3 x 3 convolution with padding 1 of each plane by a kernel of its own. Parts: several small planes, or bands of rows of a large one.</summary>
internal readonly unsafe struct DepthwiseConvolution : IPoolJob
{
    // Elements of a part: some microseconds of work.
    private const int PartLength = 16384;

    private readonly float* _x;
    private readonly float* _weight;
    private readonly float* _bias;
    private readonly float* _y;
    private readonly int _planes;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private readonly int _planesOfPart;
    private readonly int _rowsOfPart;
    private readonly int _bands;

    /// <summary>Prepares a convolution of [images, channels, height, width] by [channels, 3, 3]; the bias may be null.</summary>
    public DepthwiseConvolution(float* x, float* weight, float* bias, float* y, int images, int channels, int height, int width)
    {
        _x = x;
        _weight = weight;
        _bias = bias;
        _y = y;
        (_planes, _channels, _height, _width) = (images * channels, channels, height, width);
        _planesOfPart = (int)Math.Clamp(PartLength / Math.Max(1, (long)height * width), 1, Math.Max(1, _planes));
        _rowsOfPart = Math.Max(1, PartLength / Math.Max(1, width));
        _bands = _planesOfPart > 1 ? 1 : (height + _rowsOfPart - 1) / _rowsOfPart;
        Parts = height == 0 || width == 0 ? 0 : (_planes + _planesOfPart - 1) / _planesOfPart * _bands;
    }

    /// <summary>Number of parts.</summary>
    public int Parts { get; }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int first = part / _bands * _planesOfPart;
        (int row, int last) = _planesOfPart > 1 ? (0, _height) : (part % _bands * _rowsOfPart, Math.Min(_height, ((part % _bands) + 1) * _rowsOfPart));
        for (int plane = first; plane < Math.Min(_planes, first + _planesOfPart); plane++)
        {
            int channel = plane % _channels;
            long at = (long)plane * _height * _width;
            DepthwisePlane.Run(_weight + (9L * channel), _bias == null ? null : _bias + channel, _x + at, _y + at, _height, _width, row, last);
        }
    }
}
