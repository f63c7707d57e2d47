using System.Buffers;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>What the components of a frame mean.</summary>
internal enum JpegColorModel
{
    Gray,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
}

/// <summary>Turns decoded component samples into image rows: upsampling as libjpeg does by default ("fancy"), color conversion, scaling to [0, 1].</summary>
internal sealed class JpegRenderer : IDisposable
{
    private readonly JpegLayout _layout;
    private readonly JpegColorModel _model;
    private readonly Upsampling[] _methods;
    private readonly int _rowLength;
    private readonly short[] _scratch;

    public JpegRenderer(JpegLayout layout, JpegColorModel model)
    {
        _layout = layout;
        _model = model;
        _methods = Array.ConvertAll(layout.Components, c => Method(layout, c));
        // Upsampled rows are whole multiples of the component's width and may overhang the image.
        _rowLength = layout.Width + 16;
        _scratch = ArrayPool<short>.Shared.Rent(_rowLength * layout.Components.Length);
    }

    private enum Upsampling
    {
        None,
        Horizontal,
        Vertical,
        Both,
        Replicate,
    }

    /// <summary>Whether a row of MCUs can be rendered only once the next one is decoded.</summary>
    public bool NeedsNeighbors => Array.Exists(_methods, m => m is Upsampling.Vertical or Upsampling.Both);

    /// <summary>Renders one row of MCUs; neighbors must be present where <see cref="NeedsNeighbors"/> says so.</summary>
    public void Render(int mcuRow, ReadOnlySpan<JpegPlane> planes, ImageBuffer image)
    {
        int end = Math.Min((mcuRow + 1) * 8 * _layout.MaxV, _layout.Height);
        for (int y = mcuRow * 8 * _layout.MaxV; y < end; y++)
        {
            ReadOnlySpan<short> first = ComponentRow(0, y, planes);
            if (_model == JpegColorModel.Gray)
            {
                JpegExpandRow.Convert(first, image.Row(0, y));
                continue;
            }

            ReadOnlySpan<short> second = ComponentRow(1, y, planes);
            ReadOnlySpan<short> third = ComponentRow(2, y, planes);
            switch (_model)
            {
                case JpegColorModel.YCbCr:
                    JpegInverseColor.Convert(first, second, third, image.Row(0, y), image.Row(1, y), image.Row(2, y));
                    break;
                case JpegColorModel.Rgb:
                    JpegExpandRow.Convert(first, image.Row(0, y));
                    JpegExpandRow.Convert(second, image.Row(1, y));
                    JpegExpandRow.Convert(third, image.Row(2, y));
                    break;
                default:
                    JpegInk.Convert(
                        first, second, third, ComponentRow(3, y, planes), _model == JpegColorModel.Ycck, image.Row(0, y), image.Row(1, y), image.Row(2, y));
                    break;
            }
        }
    }

    /// <summary>Gives the scratch memory back.</summary>
    public void Dispose() => ArrayPool<short>.Shared.Return(_scratch);

    private static Upsampling Method(JpegLayout layout, JpegLayout.Component component)
    {
        (int h, int v) = (layout.MaxH / component.H, layout.MaxV / component.V);
        // The triangle filter needs more than two columns; narrower chroma is replicated (jdsample.c).
        return (h, v) switch
        {
            (1, 1) => Upsampling.None,
            (2, 1) when component.Width > 2 => Upsampling.Horizontal,
            (1, 2) => Upsampling.Vertical,
            (2, 2) when component.Width > 2 => Upsampling.Both,
            _ => Upsampling.Replicate,
        };
    }

    private ReadOnlySpan<short> ComponentRow(int index, int y, ReadOnlySpan<JpegPlane> planes)
    {
        JpegLayout.Component component = _layout.Components[index];
        JpegPlane plane = planes[index];
        Upsampling method = _methods[index];
        if (method == Upsampling.None)
            return plane.Row(y)[.._layout.Width];
        Span<short> target = _scratch.AsSpan(index * _rowLength, _rowLength);
        (int h, int v) = (_layout.MaxH / component.H, _layout.MaxV / component.V);
        int row = y / v;
        bool upper = y % v == 0;
        int neighbor = Math.Clamp(upper ? row - 1 : row + 1, 0, component.Height - 1);
        ReadOnlySpan<short> near = plane.Row(row)[..component.Width];
        switch (method)
        {
            case Upsampling.Horizontal:
                JpegUpsample.Horizontal(near, target);
                break;
            case Upsampling.Vertical:
                JpegUpsample.Vertical(near, plane.Row(neighbor)[..component.Width], (short)(upper ? 1 : 2), target);
                break;
            case Upsampling.Both:
                JpegUpsample.Both(near, plane.Row(neighbor)[..component.Width], target);
                break;
            default:
                for (int x = 0; x < near.Length; x++)
                    target.Slice(x * h, h).Fill(near[x]);
                break;
        }

        return target[.._layout.Width];
    }
}
