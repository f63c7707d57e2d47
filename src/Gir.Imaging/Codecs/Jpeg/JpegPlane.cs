using System.Buffers;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Samples or coefficients of one component: either of the whole frame, or a window that slides down over three rows of MCUs.</summary>
/// <remarks>Coefficient (v, u) of a block lies where sample (v, u) of the block lies, so that transforms work in place.</remarks>
internal sealed class JpegPlane : IDisposable
{
    private readonly JpegLayout.Component _component;
    private readonly int _rows;
    private short[] _words;

    /// <summary>Creates a plane.</summary>
    /// <param name="component">Its sizes.</param>
    /// <param name="mcuRows">Rows of MCUs that it can hold at a time.</param>
    public JpegPlane(JpegLayout.Component component, int mcuRows)
    {
        _component = component;
        _rows = mcuRows * component.V * 8;
        _words = ArrayPool<short>.Shared.Rent(checked(_rows * component.Stride));
    }

    /// <summary>Words from one row to the next.</summary>
    public int Stride => _component.Stride;

    /// <summary>The rows of one row of MCUs.</summary>
    public Span<short> Strip(int mcuRow) => Rows(mcuRow * _component.V * 8, _component.V * 8);

    /// <summary>8 rows of samples: one row of blocks.</summary>
    public Span<short> BlockRow(int blockRow) => Rows(blockRow * 8, 8);

    /// <summary>A row of samples, whole stride.</summary>
    public Span<short> Row(int y) => Rows(y, 1);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        short[] words = _words;
        _words = [];
        if (words.Length > 0)
            ArrayPool<short>.Shared.Return(words);
    }

    private Span<short> Rows(int first, int count) => _words.AsSpan((first % _rows) * Stride, count * Stride);
}
