using System.Runtime.CompilerServices;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The gradient of the weights of a 3 x 3 or 5 x 5 convolution with stride 1 by Winograd's minimal filtering (Lavin, Gray 2016). A tile of s x s pixels
/// of dy correlated with the 6 x 6 pixels of x under it is a k x k kernel, k + s = 7: F(3x3, 4x4) needs a quarter of the multiplications, F(5x5, 2x2)
/// 36/100. The sum over tiles and images stays in the transform's domain, dW = D (sum (B^T x B) (C dy C^T)) D^T, where it is one matrix product
/// [output, tile] [tile, input] for each of the 36 elements; D is applied once for each pair of channels. See <see cref="WinogradPanel"/> for B and C,
/// <see cref="WinogradWeightSum"/> for D. Parts: a slice of all tiles, a block of inputs, a block of outputs. Slices are a fixed number and summed in
/// order. Needs AVX-512.
/// </summary>
internal sealed unsafe class WinogradWeightGradient : IPoolJob
{
    private const int Elements = WinogradPoints.Count * WinogradPoints.Count;
    private const int Rows = 8;
    private const int LargestBlock = 96;

    // A product's length: the sums are read and written once for so many tiles.
    private const int TilesPerRun = 64;

    // A slice costs one more set of sums; parts enough for a few threads.
    private const int TilesPerSlice = 512;
    private const int LargestParts = 16;
    private const int LargestSlices = 8;

    private readonly int _inputs;
    private readonly int _outputs;
    private readonly (int Height, int Width) _input;
    private readonly (int Height, int Width) _output;
    private readonly int _padding;
    private readonly int _step;
    private readonly int _kernel;
    private readonly int _tilesX;
    private readonly int _tilesY;
    private readonly int _tiles;
    private readonly int _inputBlock;
    private readonly int _inputBlocks;
    private readonly int _outputBlock;
    private readonly int _outputBlocks;
    private readonly int _slices;
    private float* _x;
    private float* _dy;
    private float* _sums;
    private int* _offsets;

    /// <summary>Prepares a gradient; the tile is that of the forward convolution, of six points.</summary>
    public WinogradWeightGradient(int images, int inputs, int outputs, (int Height, int Width) input, (int Height, int Width) output, int padding, WinogradTile tile)
    {
        (_inputs, _outputs, _input, _output, _padding, _step) = (inputs, outputs, input, output, padding, tile.Step);
        _kernel = tile.Kernel;
        _tilesX = (output.Width + _step - 1) / _step;
        _tilesY = (output.Height + _step - 1) / _step;
        _tiles = images * _tilesX * _tilesY;
        (_inputBlock, _inputBlocks) = Split(inputs);
        (_outputBlock, _outputBlocks) = Split(outputs);
        _slices = Math.Clamp(Math.Min(_tiles / TilesPerSlice, LargestParts / (_inputBlocks * _outputBlocks)), 1, LargestSlices);
    }

    /// <summary>Number of parts.</summary>
    public int Parts => _slices * _inputBlocks * _outputBlocks;

    /// <summary>Parts of the final sum.</summary>
    public int SumParts => _outputs;

    /// <summary>Floats of the slices' sums and the offset table.</summary>
    public int SumsLength => checked(TilesPerRun + (Parts * PartLength));

    // One cache line more than a power of two: the elements' planes must not share a set of the caches.
    private int SumPitch => (_outputBlock * _inputBlock) + 16;

    private int PartLength => Elements * SumPitch;

    private nint InputPitch => (TilesPerRun * _inputBlock) + 16;

    private nint GradientPitch => (TilesPerRun * _outputBlock) + 16;

    /// <summary>Sets what a run reads, and the memory of its sums.</summary>
    public void Bind(float* x, float* dy, float* sums)
    {
        _x = x;
        _dy = dy;
        _offsets = (int*)sums;
        _sums = sums + TilesPerRun;
        for (int t = 0; t < TilesPerRun; t++)
            _offsets[t] = t * _inputBlock;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part)
    {
        int output = part % _outputBlocks * _outputBlock;
        int input = part / _outputBlocks % _inputBlocks * _inputBlock;
        int slice = part / _outputBlocks / _inputBlocks;
        int runs = (_tiles + TilesPerRun - 1) / TilesPerRun;
        int begin = (int)((long)runs * slice / _slices) * TilesPerRun;
        int end = Math.Min(_tiles, (int)((long)runs * (slice + 1) / _slices) * TilesPerRun);
        float* scratch = ThreadScratch.Rent(WinogradPanel.Scratch + (Elements * (InputPitch + GradientPitch)));
        float* v = scratch + WinogradPanel.Scratch;
        float* u = v + (Elements * InputPitch);
        for (int first = begin; first < end; first += TilesPerRun)
        {
            int last = Math.Min(end, first + TilesPerRun);
            Transform(first, last, input, output, v, u, scratch);
            Multiply(last - first, Math.Min(_inputBlock, _inputs - input), Math.Min(_outputBlock, _outputs - output), v, u, _sums + ((long)part * PartLength), first > begin);
        }
    }

    /// <summary>Sums one output's slices and transforms them into weights [output, input, kernel, kernel].</summary>
    public void Sum(int output, float* dweight)
    {
        int block = output / _outputBlock;
        dweight += (long)output * _inputs * _kernel * _kernel;
        nint slicePitch = (nint)_inputBlocks * _outputBlocks * PartLength;
        for (int c = 0; c < _inputs; c += WinogradWeightSum.Channels)
        {
            (int inputBlock, int channel) = Math.DivRem(c, _inputBlock);
            float* from = _sums + ((((long)inputBlock * _outputBlocks) + block) * PartLength) + (output % _outputBlock * _inputBlock) + channel;
            WinogradWeightSum.Run(from, _slices, slicePitch, SumPitch, _kernel, Math.Min(WinogradWeightSum.Channels, _inputs - c), dweight + ((long)c * _kernel * _kernel));
        }
    }

    // Blocks of equal numbers of whole vectors.
    private static (int Size, int Count) Split(int channels)
    {
        int count = (channels + LargestBlock - 1) / LargestBlock;
        int size = ((channels + count - 1) / count + WinogradPanel.Channels - 1) / WinogradPanel.Channels * WinogradPanel.Channels;
        return (size, (channels + size - 1) / size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(int first, int last, int input, int output, float* v, float* u, float* scratch)
    {
        int count;
        for (int tile = first; tile < last; tile += count, v += count * _inputBlock, u += count * Rows)
        {
            (int row, int column) = Math.DivRem(tile, _tilesX);
            (int image, int tileRow) = Math.DivRem(row, _tilesY);
            count = Math.Min(Math.Min(WinogradPanel.Tiles, last - tile), _tilesX - column);
            float* x = _x + (((long)image * _inputs) * _input.Height * _input.Width);
            for (int c = input; c < Math.Min(_inputs, input + _inputBlock); c += WinogradPanel.Channels)
            {
                WinogradPanel.Input(
                    x + ((long)c * _input.Height * _input.Width), _input, _inputs - c, (tileRow * _step) - _padding, (column * _step) - _padding, count, _step,
                    v + c - input, _inputBlock, InputPitch, scratch);
            }

            float* dy = _dy + (((long)image * _outputs) * _output.Height * _output.Width);
            for (int o = output; o < Math.Min(_outputs, output + _outputBlock); o += WinogradPanel.Channels)
            {
                WinogradPanel.Gradient(
                    dy + ((long)o * _output.Height * _output.Width), _output, _outputs - o, tileRow * _step, column * _step, count, _step,
                    u + ((o - output) * TilesPerRun), Rows * TilesPerRun, GradientPitch, scratch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int tiles, int inputs, int outputs, float* v, float* u, float* sums, bool accumulate)
    {
        int vectors = (inputs + MicroKernels.Lanes - 1) / MicroKernels.Lanes;
        int width;
        for (int e = 0; e < Elements; e++, v += InputPitch, u += GradientPitch, sums += SumPitch)
        {
            for (int vector = 0; vector < vectors; vector += width)
            {
                width = MicroKernels.NextWidth(vectors - vector, MicroKernels.LargestWidth(Rows));
                for (int o = 0; o < outputs; o += Rows)
                {
                    MicroKernels.Run(
                        Rows, width, tiles, u + (o * TilesPerRun), v + (vector * MicroKernels.Lanes), _offsets,
                        sums + (o * _inputBlock) + (vector * MicroKernels.Lanes), _inputBlock, null, accumulate);
                }
            }
        }
    }
}
