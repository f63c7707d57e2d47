using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The gradient of a convolution's weights as one matrix product per kernel element: dw[o, c] = sum over pixels p of dy[p, o] x[p + shift, c]. Bands of
/// both operands are turned pixel-major once, dy with zeros up to the width of x's padded rows, so that with stride 1 a band is one run of pixels and a kernel element a
/// distance. Few input channels would leave lanes empty: then the windows are laid out as channels of a 1 x 1 convolution. Parts: a slice of all bands, a group, some blocks of 32 input channels. Slices are a fixed number and summed in order. Needs AVX-512.
/// </summary>
internal sealed unsafe class WeightGradient : IPoolJob
{
    /// <summary>Up to so many inputs, windows fill the lanes better than channels.</summary>
    public const int FewInputs = 4;

    private const int InputBlock = 32;
    private const int OutputBlock = WeightGradientPanel.Channels;
    private const int LargestSlices = 8;

    // Blocks of inputs that share the turned dy.
    private const int BlocksPerPart = 4;

    // Both panels of a band stay in the L2 cache, the run of pixels that all kernel elements go over in the L1 cache.
    private const int PanelFloats = 96 << 10;
    private const int RunLength = 192;

    private const int WindowFloats = 64 << 10;

    private readonly Conv2dGeometry _g;
    private readonly Conv2dGeometry? _windows;
    private readonly int _channels;
    private readonly int _imageHeight;
    private readonly int _imageWidth;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _height;
    private readonly int _width;
    private readonly int _outputHeight;
    private readonly int _outputWidth;
    private readonly int _inputBlocks;
    private readonly int _outputBlocks;
    private readonly int _panelWidth;
    private readonly int _gradientWidth;
    private readonly int _bandRows;
    private readonly int _imageBands;
    private readonly int _bands;
    private readonly int _slices;
    private float* _x;
    private float* _dy;
    private float* _sums;
    private int* _offsets;

    /// <summary>Prepares a gradient with its sizes per group.</summary>
    public WeightGradient(in Conv2dGeometry g, int images, int inputs, int outputs, (int Height, int Width) input, (int Height, int Width) output)
    {
        (_g, _inputs, _outputs) = (g, inputs, outputs);
        (_height, _width) = input;
        (_outputHeight, _outputWidth) = output;
        _channels = inputs;
        (_imageHeight, _imageWidth) = input;
        if (inputs <= FewInputs && g.KernelHeight * g.KernelWidth > 1)
        {
            _windows = g;
            _g = new Conv2dGeometry(1, 1, Groups: g.Groups);
            _inputs = inputs * g.KernelHeight * g.KernelWidth;
            (_height, _width) = output;
        }

        _inputBlocks = (_inputs + InputBlock - 1) / InputBlock;
        _outputBlocks = (outputs + OutputBlock - 1) / OutputBlock;
        _panelWidth = ((_outputWidth - 1) * _g.Stride) + ((_g.KernelWidth - 1) * _g.Dilation) + 1;
        _gradientWidth = _g.Stride == 1 ? _panelWidth : _outputWidth;
        int extra = InputBlock * (((_g.KernelHeight - 1) * _g.Dilation) + 1);
        int fitting = ((PanelFloats / _panelWidth) - extra) / ((InputBlock * _g.Stride) + (_outputBlocks * OutputBlock));
        if (_windows is not null)
            fitting = Math.Min(fitting, WindowFloats / (InputBlock * _outputWidth));
        _bandRows = Math.Min(_outputHeight, Math.Clamp(fitting, 1, 16));
        _imageBands = (_outputHeight + _bandRows - 1) / _bandRows;
        _bands = images * _imageBands;
        _slices = Math.Min(_bands, LargestSlices);
    }

    /// <summary>Number of parts.</summary>
    public int Parts => _slices * _g.Groups * BlockGroups;

    /// <summary>Parts of the final sum.</summary>
    public int SumParts => _g.Groups * _outputBlocks;

    /// <summary>Floats of the slices' sums and the offset table.</summary>
    public int SumsLength => checked(RunLength + (_slices * _g.Groups * _inputBlocks * BlockLength));

    private int BlockGroups => (_inputBlocks + BlocksPerPart - 1) / BlocksPerPart;

    private int Elements => _g.KernelHeight * _g.KernelWidth;

    // One slice's sums of a group and a block of inputs: [kernel element, output, input].
    private int BlockLength => Elements * _outputBlocks * OutputBlock * InputBlock;

    private long WindowLength => _windows is null ? 0 : (long)InputBlock * _bandRows * _outputWidth;

    private int PanelRows => ((_bandRows - 1) * _g.Stride) + ((_g.KernelHeight - 1) * _g.Dilation) + 1;

    /// <summary>Sets what a run reads, and the memory of its sums.</summary>
    public void Bind(float* x, float* dy, float* sums)
    {
        _x = x;
        _dy = dy;
        _offsets = (int*)sums;
        _sums = sums + RunLength;
        for (int p = 0; p < RunLength; p++)
            _offsets[p] = p * InputBlock * _g.Stride;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part)
    {
        int begin = part % BlockGroups * BlocksPerPart;
        int end = Math.Min(_inputBlocks, begin + BlocksPerPart);
        int group = part / BlockGroups % _g.Groups;
        int slice = part / BlockGroups / _g.Groups;
        float* sums = _sums + ((((long)slice * _g.Groups) + group) * _inputBlocks * BlockLength);
        for (int block = begin; block < end; block++)
            new Span<float>(sums + ((long)block * BlockLength), BlockLength).Clear();
        // A panel's last row is written up to 15 pixels too far.
        long panel = (long)InputBlock * ((PanelRows * _panelWidth) + 16);
        long gradient = (long)OutputBlock * ((_bandRows * _gradientWidth) + 16);
        float* x = ThreadScratch.Rent(panel + (_outputBlocks * gradient) + WindowLength);
        float* dy = x + panel;
        float* windows = dy + (_outputBlocks * gradient);
        for (int band = (int)((long)_bands * slice / _slices); band < (int)((long)_bands * (slice + 1) / _slices); band++)
        {
            int image = band / _imageBands;
            int first = band % _imageBands * _bandRows;
            int rows = Math.Min(_bandRows, _outputHeight - first);
            TurnGradient(((image * _g.Groups) + group) * _outputs, first, rows, dy, gradient);
            for (int block = begin; block < end; block++)
            {
                TurnInput((image * _g.Groups) + group, block, first, rows, windows, x);
                Multiply(rows, x, dy, gradient, sums + ((long)block * BlockLength), block);
            }
        }
    }

    /// <summary>Sums the slices of a group's block of outputs into the weights [output, input, kernel element].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sum(int part, float* dweight)
    {
        (int group, int outputBlock) = Math.DivRem(part, _outputBlocks);
        long slicePitch = (long)_g.Groups * _inputBlocks * BlockLength;
        float* row = stackalloc float[InputBlock];
        for (int block = 0; block < _inputBlocks; block++)
        {
            int inputs = Math.Min(InputBlock, _inputs - (block * InputBlock));
            float* from = _sums + ((((long)group * _inputBlocks) + block) * BlockLength);
            for (int e = 0; e < Elements; e++)
            {
                for (int o = outputBlock * OutputBlock; o < Math.Min(_outputs, (outputBlock + 1) * OutputBlock); o++)
                {
                    float* source = from + (((long)(e * _outputBlocks * OutputBlock) + o) * InputBlock);
                    Vector512<float> a = Vector512.Load(source), b = Vector512.Load(source + 16);
                    for (int slice = 1; slice < _slices; slice++)
                    {
                        a += Vector512.Load(source + (slice * slicePitch));
                        b += Vector512.Load(source + (slice * slicePitch) + 16);
                    }

                    a.Store(row);
                    b.Store(row + 16);
                    float* to = dweight + ((((((long)group * _outputs) + o) * _inputs) + (block * InputBlock)) * Elements) + e;
                    for (int c = 0; c < inputs; c++)
                        to[(long)c * Elements] = row[c];
                }
            }
        }
    }

    private void TurnInput(int imageAndGroup, int block, int first, int rows, float* windows, float* to)
    {
        int channels = Math.Min(InputBlock, _inputs - (block * InputBlock));
        float* input = _x + ((long)imageAndGroup * _channels * _imageHeight * _imageWidth);
        if (_windows is { } window)
        {
            Im2Col.Forward(input, block * InputBlock, channels, _imageHeight, _imageWidth, window, _outputWidth, first, rows, windows, rows * _outputWidth);
            TurnInput(windows, (long)rows * _outputWidth, channels, 0, rows, to);
        }
        else
        {
            TurnInput(input + ((long)block * InputBlock * _height * _width), (long)_height * _width, channels, first, rows, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TurnInput(float* x, long size, int channels, int first, int rows, float* to)
    {
        int pixels = Math.Min(_width, _panelWidth - _g.Padding);
        int end = Math.Min(_panelWidth, _g.Padding + Math.Max(0, pixels));
        for (int r = 0; r < ((rows - 1) * _g.Stride) + ((_g.KernelHeight - 1) * _g.Dilation) + 1; r++, to += (long)_panelWidth * InputBlock)
        {
            int row = (first * _g.Stride) - _g.Padding + r;
            if ((uint)row >= (uint)_height || pixels <= 0)
            {
                new Span<float>(to, _panelWidth * InputBlock).Clear();
                continue;
            }

            new Span<float>(to, _g.Padding * InputBlock).Clear();
            for (int c = 0; c < InputBlock; c += WeightGradientPanel.Channels)
            {
                WeightGradientPanel.Run(
                    x + (c * size) + ((long)row * _width), (nint)size, channels - c, pixels, to + ((long)_g.Padding * InputBlock) + c, InputBlock);
            }

            new Span<float>(to + ((long)end * InputBlock), (_panelWidth - end) * InputBlock).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TurnGradient(int plane, int first, int rows, float* to, long blockPitch)
    {
        long size = (long)_outputHeight * _outputWidth;
        for (int o = 0; o < _outputs; o += OutputBlock, to += blockPitch)
        {
            float* target = to;
            for (int r = 0; r < rows; r++, target += (long)_gradientWidth * OutputBlock)
            {
                WeightGradientPanel.Run(
                    _dy + ((plane + o) * size) + ((long)(first + r) * _outputWidth), (nint)size, _outputs - o, _outputWidth, target, OutputBlock);
                new Span<float>(target + ((long)_outputWidth * OutputBlock), (_gradientWidth - _outputWidth) * OutputBlock).Clear();
            }
        }
    }

    private void Multiply(int rows, float* x, float* dy, long blockPitch, float* sums, int block)
    {
        if (_g.Stride == 1)
        {
            MultiplyRun(((rows - 1) * _gradientWidth) + _outputWidth, x, dy, blockPitch, sums, block);
            return;
        }

        for (int r = 0; r < rows; r++)
            MultiplyRun(_outputWidth, x + ((long)r * _g.Stride * _panelWidth * InputBlock), dy + ((long)r * _gradientWidth * OutputBlock), blockPitch, sums, block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyRun(int pixels, float* x, float* dy, long blockPitch, float* sums, int block)
    {
        int vectors = _inputs - (block * InputBlock) > 16 ? 2 : 1;
        for (int p = 0; p < pixels; p += RunLength)
        {
            int k = Math.Min(RunLength, pixels - p);
            float* target = sums;
            for (int ky = 0; ky < _g.KernelHeight; ky++)
            {
                for (int kx = 0; kx < _g.KernelWidth; kx++)
                {
                    float* b = x + ((((long)ky * _g.Dilation * _panelWidth) + (kx * _g.Dilation) + ((long)p * _g.Stride)) * InputBlock);
                    float* a = dy + ((long)p * OutputBlock);
                    for (int o = 0; o < _outputBlocks; o++, a += blockPitch, target += OutputBlock * InputBlock)
                        MicroKernels.Run(OutputBlock, vectors, k, a, b, _offsets, target, InputBlock, null, accumulate: true);
                }
            }
        }
    }
}
