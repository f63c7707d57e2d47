using System.Runtime.CompilerServices;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Convolution with stride 1 by Winograd's minimal filtering (Lavin, Gray 2016): F(4x4, 3x3) needs a quarter of the multiplications, F(2x2, 3x3)
/// 4/9, F(2x2, 5x5) 9/25. A part takes <see cref="TilesPerPart"/> consecutive tiles of the batch, in lanes without gaps: it transforms the input [element, channel, tile],
/// multiplies by the transformed filters, element by element, and transforms the products back. Needs AVX-512.
/// </summary>
internal unsafe struct WinogradConvolution : IPoolJob
{
    /// <summary>Tiles of a part: three vectors, so that inputs, filters and products of 64 channels fit the L2 cache.</summary>
    public const int TilesPerPart = 48;

    private const int Lanes = MicroKernels.Lanes;
    private const int Block = WinogradWeights.Block;

    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _height;
    private readonly int _width;
    private readonly int _outputHeight;
    private readonly int _outputWidth;
    private readonly int _padding;
    private readonly WinogradTile _tile;
    private readonly int _step;
    private readonly int _elements;
    private readonly int _tilesX;
    private readonly int _tilesY;
    private readonly int _tiles;
    private readonly int _blocks;
    private float* _x;
    private float* _bias;
    private float* _y;
    private float* _packed;
    private int* _offsets;

    /// <summary>Prepares a convolution.</summary>
    public WinogradConvolution(int images, int inputs, int outputs, (int Height, int Width) input, (int Height, int Width) output, int padding, WinogradTile tile)
    {
        (_inputs, _outputs, _padding, _tile) = (inputs, outputs, padding, tile);
        (_step, _elements) = (tile.Step, tile.Elements);
        (_height, _width) = input;
        (_outputHeight, _outputWidth) = output;
        _tilesX = (_outputWidth + _step - 1) / _step;
        _tilesY = (_outputHeight + _step - 1) / _step;
        _tiles = images * _tilesX * _tilesY;
        _blocks = (outputs + Block - 1) / Block;
    }

    /// <summary>Number of parts.</summary>
    public readonly int Parts => (_tiles + TilesPerPart - 1) / TilesPerPart;

    /// <summary>Parts of the filter transform.</summary>
    public readonly int Blocks => _blocks;

    /// <summary>Floats of the transformed filters and the offset table.</summary>
    public readonly int PackedLength => (_elements * (int)ElementLength) + OffsetLength;

    private readonly int OffsetLength => (_inputs + 15) / 16 * 16;

    private readonly long ElementLength => (long)_blocks * Block * _inputs;

    // One cache line more than a power of two: the elements' planes must not share a set of the L1 cache. It also takes what the last
    // channel's last vector overhangs.
    private readonly nint InputPitch => (_inputs * TilesPerPart) + Lanes;

    private readonly nint ProductPitch => (_blocks * Block * TilesPerPart) + Lanes;

    /// <summary>Sets the memory of the transformed filters.</summary>
    public void SetPacked(float* packed)
    {
        _packed = packed + OffsetLength;
        _offsets = (int*)packed;
        for (int c = 0; c < _inputs; c++)
            _offsets[c] = c * TilesPerPart;
    }

    /// <summary>Transforms the filters of one block of outputs.</summary>
    public readonly void Pack(int block, float* weight, long outputStride, long inputStride, bool turned) => WinogradWeights.Run(
        weight + (block * Block * outputStride), outputStride, inputStride, Math.Min(Block, _outputs - (block * Block)), _inputs, turned, _tile,
        _packed + ((long)block * Block * _inputs), ElementLength);

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
        int first = part * TilesPerPart;
        int last = Math.Min(_tiles, first + TilesPerPart);
        float* scratch = ThreadScratch.Rent(WinogradInput.Scratch + ((long)_elements * (InputPitch + ProductPitch)));
        float* v = scratch + WinogradInput.Scratch;
        float* m = v + (_elements * InputPitch);
        for (int c = 0; c < _inputs; c++)
            Gather(c, first, last, v + (c * TilesPerPart), scratch);
        Multiply((last - first + Lanes - 1) / Lanes, v, m);
        for (int o = 0; o < _outputs; o++)
            Scatter(o, first, last, m + (o * TilesPerPart), scratch);
    }

    // Consecutive runs within a tile row; each vector's overhang is overwritten by the run after it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Gather(int channel, int first, int last, float* v, float* scratch)
    {
        int count;
        for (int tile = first; tile < last; tile += count, v += count)
        {
            (int row, int column) = Math.DivRem(tile, _tilesX);
            (int image, int tileRow) = Math.DivRem(row, _tilesY);
            count = Math.Min(Math.Min(Lanes, last - tile), _tilesX - column);
            float* plane = _x + ((((long)image * _inputs) + channel) * _height * _width);
            (int y, int x) = ((tileRow * _step) - _padding, (column * _step) - _padding);
            if (_step == 4)
                WinogradInput.SixByFour(plane, _height, _width, y, x, v, InputPitch, scratch);
            else if (_tile.Kernel == 5)
                WinogradInput.SixByTwo(plane, _height, _width, y, x, v, InputPitch, scratch);
            else
                WinogradInput.FourByTwo(plane, _height, _width, y, x, v, InputPitch, scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Multiply(int vectors, float* v, float* m)
    {
        for (int e = 0; e < _elements; e++, v += InputPitch, m += ProductPitch)
        {
            float* u = _packed + (e * ElementLength);
            float* target = m;
            for (int block = 0; block < _blocks; block++, u += (long)Block * _inputs, target += Block * TilesPerPart)
                MicroKernels.Run(Block, vectors, _inputs, u, v, _offsets, target, TilesPerPart, null, accumulate: false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Scatter(int channel, int first, int last, float* m, float* scratch)
    {
        float bias = _bias == null ? 0 : _bias[channel];
        int count;
        for (int tile = first; tile < last; tile += count, m += count)
        {
            (int row, int column) = Math.DivRem(tile, _tilesX);
            (int image, int tileRow) = Math.DivRem(row, _tilesY);
            count = Math.Min(Math.Min(Lanes, last - tile), _tilesX - column);
            int rows = Math.Min(_step, _outputHeight - (tileRow * _step));
            int columns = Math.Min(count * _step, _outputWidth - (column * _step));
            float* y = _y + ((((((long)image * _outputs) + channel) * _outputHeight) + (tileRow * _step)) * _outputWidth) + (column * _step);
            if (_step == 4)
                WinogradOutput.SixToFour(m, ProductPitch, bias, y, _outputWidth, rows, columns, scratch);
            else if (_tile.Kernel == 5)
                WinogradOutput.SixToTwo(m, ProductPitch, bias, y, _outputWidth, rows, columns, scratch);
            else
                WinogradOutput.FourToTwo(m, ProductPitch, bias, y, _outputWidth, rows, columns, scratch);
        }
    }
}
