using System.Runtime.Intrinsics.X86;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>
/// A 1 x 1 convolution as matrix products: y [outputs, pixels] = weight [outputs, inputs] x [inputs, pixels] + bias, for each image and group. Weights are
/// read where they lie. Parts: image, group, block of outputs, block of pixels.
/// </summary>
/// <remarks>
/// Planes of a power of two share the sets of the caches: a part therefore reads and writes lines of several hundred bytes of each plane, and gathers
/// its products in scratch first.
/// </remarks>
internal readonly unsafe struct PointwiseConvolution : IPoolJob
{
    // Four panels of packed pixels stay in the L2 cache, the products of a strip of outputs in the L1 cache. A strip's lines of y have to be there at once: where planes are
    // a power of two apart they share one set of it, of eight to sixteen lines.
    private const int BlockPixels = 4 * GemmTile.PanelWidth;
    private const int StripRows = 8;

    // Images of so few pixels lie in the L2 cache as they are, and packing them would be a good part of the work.
    private const int FewPixels = 256;
    private const int SmallestBlock = 64;
    private const int PartsWanted = 16;

    private readonly float* _x;
    private readonly float* _weight;
    private readonly float* _bias;
    private readonly float* _y;
    private readonly int _groups;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _pixels;
    private readonly int _pixelBlocks;
    private readonly int _outputBlock;
    private readonly int _outputBlocks;

    /// <summary>Prepares a convolution; inputs and outputs are those of a group, weight is [groups outputs, inputs].</summary>
    public PointwiseConvolution(float* x, float* weight, float* bias, float* y, int images, int groups, int inputs, int outputs, int pixels)
    {
        _x = x;
        _weight = weight;
        _bias = bias;
        _y = y;
        (_groups, _inputs, _outputs, _pixels) = (groups, inputs, outputs, pixels);
        _pixelBlocks = (pixels + BlockPixels - 1) / BlockPixels;
        // Small images are divided by outputs too; each part then packs its pixels for itself.
        int wanted = Math.Max(1, PartsWanted / Math.Max(1, images * groups * _pixelBlocks));
        _outputBlock = Math.Max(SmallestBlock, (((outputs + wanted - 1) / wanted) + StripRows - 1) / StripRows * StripRows);
        _outputBlocks = (outputs + _outputBlock - 1) / _outputBlock;
        Parts = pixels == 0 ? 0 : images * groups * _outputBlocks * _pixelBlocks;
    }

    /// <summary>Number of parts.</summary>
    public int Parts { get; }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int first = part % _pixelBlocks * BlockPixels;
        part /= _pixelBlocks;
        int row = part % _outputBlocks * _outputBlock;
        long image = part / _outputBlocks;
        int group = (int)(image % _groups);
        int count = Math.Min(BlockPixels, _pixels - first);
        int panels = (count + GemmTile.PanelWidth - 1) / GemmTile.PanelWidth;
        bool isPacked = _pixels > FewPixels;
        nint panelStep = isPacked ? (nint)_inputs * GemmTile.PanelWidth : GemmTile.PanelWidth;
        nint rowStep = isPacked ? GemmTile.PanelWidth : _pixels;
        float* strip = ThreadScratch.Rent((StripRows * BlockPixels) + (isPacked ? panels * (long)panelStep : 0));
        float* pixels = _x + (image * _inputs * _pixels) + first;
        if (isPacked)
        {
            float* packed = strip + (StripRows * BlockPixels);
            GemmPack.Panels(pixels, _pixels, _inputs, count, packed);
            pixels = packed;
        }

        int end = Math.Min(_outputs, row + _outputBlock);
        for (; row < end; row += StripRows)
        {
            int rows = Math.Min(StripRows, end - row);
            long output = ((long)group * _outputs) + row;
            for (int i = 0; i < rows && _bias != null; i++)
                new Span<float>(strip + (i * BlockPixels), count).Fill(_bias[output + i]);
            float* y = _y + (((image * _outputs) + row) * _pixels) + first;
            for (int panel = 0; panel < panels; panel++)
            {
                int left = panel * GemmTile.PanelWidth;
                Fetch(y + left, rows);
                GemmTile.Panels(
                    new GemmRows(_weight + (output * _inputs), _inputs, 1), pixels + (panel * panelStep), rowStep, panelStep, strip + left, BlockPixels, rows,
                    Math.Min(GemmTile.PanelWidth, count - left), _inputs, null, _bias != null);
            }

            for (int i = 0; i < rows; i++)
                new Span<float>(strip + (i * BlockPixels), count).CopyTo(new Span<float>(y + ((long)i * _pixels), count));
        }
    }

    // A line that is written has to be read first: that happens while its products are computed.
    private void Fetch(float* y, int rows)
    {
        for (int i = 0; Sse.IsSupported && i < rows; i++, y += _pixels)
        {
            Sse.Prefetch0(y);
            Sse.Prefetch0(y + 16);
            Sse.Prefetch0(y + 32);
        }
    }
}
