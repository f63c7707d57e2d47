using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Direct convolution of [n, c, h, w] without a window matrix: the input rows of a band are copied to scratch [row, channel, column], zeros
/// around, and register tiles gather every tap from there by an offset table. One loop serves all kernels, dilations and strides (columns sorted by their
/// residue), groups, and the gradient with respect to the input (one call per residue of a strided one). Parts: image, group, band of output rows.
/// </summary>
internal unsafe struct ConvolutionDirect : IPoolJob
{
    // Scratch of a band stays in the L2 cache; the part of it that a tile reads per chunk of channels in the L1 cache.
    private const int BandBytes = 512 << 10;
    private const int ChunkBytes = 24 << 10;
    private const int SmallestBand = 4;
    private const int LargestBand = 16;
    private const int PartsWanted = 32;

    // A 1 x 1 window sees no rows: an image is cut into lines of this many pixels, whole tiles.
    private const int LineLength = 480;
    private const int TilePitch = 64;

    private readonly ConvolutionAxis _rows;
    private readonly ConvolutionAxis _columns;
    private readonly int _images;
    private readonly int _groups;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _height;
    private readonly int _width;
    private readonly int _inputPixels;
    private readonly int _outputWidth;
    private readonly int _outputPlane;
    private readonly int _lines;
    private readonly int _lineWidth;
    private readonly int _tileRows;
    private readonly int _chunk;
    private readonly int _phasePitch;
    private readonly int _bandRows;
    private readonly int _bands;
    private float* _x;
    private float* _y;
    private float* _bias;
    private float* _packed;
    private int* _offsets;

    /// <summary>Prepares a convolution with its sizes per group.</summary>
    public ConvolutionDirect(
        ConvolutionAxis rows, ConvolutionAxis columns, int images, int groups, int inputs, int outputs, (int Height, int Width) input, (int Height, int Width) output)
    {
        (_rows, _columns, _images, _groups, _inputs, _outputs) = (rows, columns, images, groups, inputs, outputs);
        (_height, _width) = input;
        _inputPixels = _height * _width;
        _outputWidth = output.Width;
        _outputPlane = output.Height * output.Width;
        (_lines, _lineWidth) = (rows.Outputs, columns.Outputs);
        if (IsPointwise(rows, input.Height, output.Height) && IsPointwise(columns, input.Width, output.Width))
        {
            _lineWidth = Math.Min(LineLength, _inputPixels);
            _lines = (_inputPixels + _lineWidth - 1) / _lineWidth;
            (_height, _width, _outputWidth) = (_lines, _lineWidth, _lineWidth);
        }

        _tileRows = inputs == 1 && outputs == 1 ? 1 : MicroKernels.Rows(outputs);
        _chunk = ChunkOf(inputs, rows.Taps, columns);
        // An odd number of cache lines: no two channels share a set of the L1 cache.
        int reach = RoundUp(_lineWidth, MicroKernels.Lanes) + (columns.Span / columns.Step) + 1;
        _phasePitch = ((((reach + 15) / 16) | 1) * 16);
        int rowBytes = Math.Max(1, inputs * _phasePitch * columns.Step * sizeof(float));
        int fitting = ((BandBytes / rowBytes) - rows.Span) / rows.Step;
        int wanted = Math.Max(4, (int)(((long)_lines * images * groups) / PartsWanted));
        _bandRows = Math.Max(1, Math.Min(Math.Clamp(fitting, SmallestBand, LargestBand), Math.Min(wanted, _lines)));
        _bands = (_lines + _bandRows - 1) / _bandRows;
    }

    /// <summary>Number of parts.</summary>
    public readonly int Parts => _lines == 0 || _lineWidth == 0 ? 0 : _images * _groups * _bands;

    /// <summary>Floats that <see cref="Pack"/> fills: weights and the offset tables.</summary>
    public readonly int PackedLength => (_groups * GroupLength) + (2 * TableLength);

    private readonly int Taps => _rows.Taps * _columns.Taps;

    private readonly int OutputBlocks => (_outputs + _tileRows - 1) / _tileRows;

    private readonly int GroupLength => RoundUp(OutputBlocks * _tileRows * _inputs * Taps, 16);

    private readonly int TableLength => RoundUp(_chunk * Taps, 16);

    private readonly int ChannelPitch => _phasePitch * _columns.Step;

    private readonly int BandInputRows => ((_bandRows - 1) * _rows.Step) + _rows.Span + 1;

    /// <summary>
    /// Packs the weights [chunk of inputs, block of outputs, kernel row, input, kernel column, output of the block] and makes the offset tables of
    /// a whole chunk and of the last one.
    /// </summary>
    /// <param name="weight">The weights.</param>
    /// <param name="groupStride">From group to group.</param>
    /// <param name="outputStride">From output to output.</param>
    /// <param name="inputStride">From input to input; kernel elements are contiguous.</param>
    /// <param name="kernelWidth">Elements of a kernel row.</param>
    /// <param name="packed">Receives <see cref="PackedLength"/> elements.</param>
    public void Pack(float* weight, long groupStride, long outputStride, long inputStride, int kernelWidth, float* packed)
    {
        _packed = packed;
        _offsets = (int*)(packed + (_groups * GroupLength));
        for (int group = 0; group < _groups; group++)
        {
            float* target = packed + (group * GroupLength);
            for (int c0 = 0; c0 < _inputs; c0 += _chunk)
            {
                for (int o0 = 0; o0 < _outputs; o0 += _tileRows)
                {
                    float* from = weight + (group * groupStride) + (o0 * outputStride);
                    int present = Math.Min(_tileRows, _outputs - o0);
                    for (int ty = 0; ty < _rows.Taps; ty++)
                    {
                        for (int c = c0; c < Math.Min(_inputs, c0 + _chunk); c++)
                        {
                            for (int tx = 0; tx < _columns.Taps; tx++)
                            {
                                float* element = from + (c * inputStride) + (_rows.Element(ty) * kernelWidth) + _columns.Element(tx);
                                for (int i = 0; i < present; i++)
                                    target[i] = element[i * outputStride];
                                for (int i = present; i < _tileRows; i++)
                                    target[i] = 0;
                                target += _tileRows;
                            }
                        }
                    }
                }
            }
        }

        MakeTable(_chunk, _offsets);
        MakeTable(_inputs - ((_inputs - 1) / _chunk * _chunk), _offsets + TableLength);
    }

    /// <summary>Sets what a run reads and writes; the bias may be null.</summary>
    public void Bind(float* x, float* bias, float* y)
    {
        _x = x;
        _bias = bias;
        _y = y;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int part)
    {
        int band = part % _bands;
        int group = part / _bands % _groups;
        int image = part / _bands / _groups;
        int first = band * _bandRows;
        int count = Math.Min(_bandRows, _lines - first);
        float* scratch = ThreadScratch.Rent(((long)BandInputRows * _inputs * ChannelPitch) + (8 * TilePitch));
        float* rows = scratch + (8 * TilePitch);
        PackRows(_x + (((((long)image * _groups) + group) * _inputs) * _inputPixels), (first * _rows.Step) + _rows.Lowest, ((count - 1) * _rows.Step) + _rows.Span + 1, rows);
        float* y = _y + (((((long)image * _groups) + group) * _outputs) * _outputPlane);
        float* weights = _packed + (group * GroupLength);
        float* bias = _bias == null ? null : _bias + (group * _outputs);
        for (int r = 0; r < count; r++)
        {
            float* source = rows + ((long)r * _rows.Step * _inputs * ChannelPitch);
            float* target = y + ((((long)(first + r) * _rows.Every) + _rows.First) * _outputWidth) + _columns.First;
            // The last line of a pointwise convolution may be short.
            int width = (int)Math.Min(_lineWidth, _outputPlane - ((long)(first + r) * _lineWidth));
            if (_columns.Every > 1 || _rows.Every > 1)
                width = _lineWidth;
            if (_tileRows == 1)
                DepthwiseRow.Run(Taps, weights, bias, source, _offsets, target, width, _columns.Every);
            else
                Line(weights, bias, source, target, width, scratch);
        }
    }

    private static bool IsPointwise(ConvolutionAxis axis, int input, int output) =>
        axis is { Step: 1, Every: 1, Span: 0, Lowest: 0 } && axis.Taps == 1 && input == output;

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static int ChunkOf(int inputs, int kernelRows, ConvolutionAxis columns)
    {
        int residues = Math.Min(columns.Step, columns.Span + 1);
        int tileBytes = Math.Max(1, kernelRows) * residues * (48 + (columns.Span > 0 ? 16 : 0)) * sizeof(float);
        int chunks = (inputs + Math.Max(8, ChunkBytes / tileBytes) - 1) / Math.Max(8, ChunkBytes / tileBytes);
        return (inputs + chunks - 1) / chunks;
    }

    private readonly void MakeTable(int channels, int* table)
    {
        for (int ty = 0; ty < _rows.Taps; ty++)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int tx = 0; tx < _columns.Taps; tx++)
                {
                    (int column, int phase) = Math.DivRem(_columns.Offset(tx) - _columns.Lowest, _columns.Step);
                    *table++ = ((((_rows.Offset(ty) - _rows.Lowest) * _inputs) + c) * ChannelPitch) + (phase * _phasePitch) + column;
                }
            }
        }
    }

    private readonly void PackRows(float* x, int first, int count, float* to)
    {
        int reach = _lineWidth + (_columns.Span / _columns.Step) + 1;
        for (int r = first; r < first + count; r++)
        {
            int width = (int)Math.Min(_width, _inputPixels - ((long)r * _width));
            for (int c = 0; c < _inputs; c++, to += ChannelPitch)
            {
                float* row = x + ((long)c * _inputPixels) + ((long)r * _width);
                if ((uint)r >= (uint)_height)
                    new Span<float>(to, ChannelPitch).Clear();
                else
                    ConvolutionRows.Sort(row, width, _columns.Lowest, _columns.Step, to, _phasePitch, reach);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Line(float* weights, float* bias, float* source, float* target, int width, float* tile)
    {
        int largest = MicroKernels.LargestWidth(_tileRows);
        int padded = OutputBlocks * _tileRows;
        int vectors;
        for (int j = 0; j < width; j += vectors * MicroKernels.Lanes)
        {
            vectors = MicroKernels.NextWidth((width - j + MicroKernels.Lanes - 1) / MicroKernels.Lanes, largest);
            int columns = Math.Min(vectors * MicroKernels.Lanes, width - j);
            for (int c0 = 0; c0 < _inputs; c0 += _chunk)
            {
                int channels = Math.Min(_chunk, _inputs - c0);
                int k = channels * Taps;
                int* offsets = channels == _chunk ? _offsets : _offsets + TableLength;
                float* a = weights + ((long)c0 * Taps * padded);
                float* b = source + ((long)c0 * ChannelPitch) + j;
                for (int o = 0; o < _outputs; o += _tileRows, a += (long)k * _tileRows)
                {
                    float* c = target + ((long)o * _outputPlane) + ((long)j * _columns.Every);
                    int present = Math.Min(_tileRows, _outputs - o);
                    float* start = bias == null ? null : bias + o;
                    if (present == _tileRows && columns == vectors * MicroKernels.Lanes && _columns.Every == 1)
                    {
                        MicroKernels.Run(_tileRows, vectors, k, a, b, offsets, c, _outputPlane, start, c0 > 0);
                        continue;
                    }

                    // A tile that overhangs is computed aside.
                    if (c0 > 0)
                        ConvolutionTile.Read(c, _outputPlane, _columns.Every, present, columns, tile, TilePitch);
                    MicroKernels.Run(_tileRows, vectors, k, a, b, offsets, tile, TilePitch, start, c0 > 0);
                    ConvolutionTile.Write(tile, TilePitch, c, _outputPlane, _columns.Every, present, columns);
                }
            }
        }
    }
}
