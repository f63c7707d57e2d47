using System.Buffers;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Turns image rows into component samples as libjpeg's compressor does: rounding to 8 bits, color conversion, chroma means, edge padding.</summary>
internal sealed class JpegSampler : IDisposable
{
    private readonly ImageBuffer _image;
    private readonly int _rowLength;
    private readonly short[] _scratch;

    public JpegSampler(ImageBuffer image, ChromaSubsampling subsampling)
    {
        _image = image;
        Layout = CreateLayout(image, subsampling);
        _rowLength = Layout.McuColumns * 8 * Layout.MaxH;
        _scratch = ArrayPool<short>.Shared.Rent(_rowLength * 5);
    }

    /// <summary>The frame that the samples form: one component for gray, else Y, Cb and Cr.</summary>
    public JpegLayout Layout { get; }

    /// <summary>Fills one row of MCUs.</summary>
    public void Load(int mcuRow, ReadOnlySpan<JpegPlane> planes)
    {
        if (_image.Channels == 1)
            LoadGray(mcuRow, planes[0]);
        else
            LoadColor(mcuRow, planes);
    }

    /// <summary>Gives the scratch memory back.</summary>
    public void Dispose() => ArrayPool<short>.Shared.Return(_scratch);

    private static JpegLayout CreateLayout(ImageBuffer image, ChromaSubsampling subsampling)
    {
        if (image.Channels == 1)
            return new JpegLayout(image.Width, image.Height, [(1, 1)]);
        (int, int) luma = subsampling switch
        {
            ChromaSubsampling.Chroma444 => (1, 1),
            ChromaSubsampling.Chroma422 => (2, 1),
            _ => (2, 2),
        };
        return new JpegLayout(image.Width, image.Height, [luma, (1, 1), (1, 1)]);
    }

    private static void Extend(Span<short> row, int width) => row[width..].Fill(row[width - 1]);

    private void LoadGray(int mcuRow, JpegPlane plane)
    {
        Span<short> strip = plane.Strip(mcuRow);
        for (int y = 0; y < 8; y++)
        {
            Span<short> row = strip.Slice(y * plane.Stride, plane.Stride);
            JpegQuantizeRow.Convert(_image.Row(0, Math.Min((mcuRow * 8) + y, _image.Height - 1)), row);
            Extend(row, _image.Width);
        }
    }

    private void LoadColor(int mcuRow, ReadOnlySpan<JpegPlane> planes)
    {
        Span<short> lumaStrip = planes[0].Strip(mcuRow);
        Span<short> bluenessStrip = planes[1].Strip(mcuRow);
        Span<short> rednessStrip = planes[2].Strip(mcuRow);
        int vertical = Layout.MaxV;
        int chromaWidth = Layout.McuColumns * 8;
        int chromaHeight = Layout.Components[1].Height;
        int chromaStride = planes[1].Stride;
        for (int y = 0; y < 8; y++)
        {
            Span<short> blueness = bluenessStrip.Slice(y * chromaStride, chromaStride);
            Span<short> redness = rednessStrip.Slice(y * chromaStride, chromaStride);
            // libjpeg pads chroma below the image with its last row of means, not with the means of a padded image.
            bool below = (mcuRow * 8) + y >= chromaHeight;
            for (int i = 0; i < vertical; i++)
            {
                int stripRow = (y * vertical) + i;
                Span<short> luma = lumaStrip.Slice(stripRow * planes[0].Stride, planes[0].Stride);
                int source = Math.Min((mcuRow * 8 * vertical) + stripRow, _image.Height - 1);
                if (below)
                    lumaStrip.Slice((stripRow - 1) * planes[0].Stride, planes[0].Stride).CopyTo(luma);
                else if (Layout.MaxH == 1)
                    ConvertRow(source, luma, blueness, redness);
                else
                    ConvertRow(source, luma, ScratchRow(i), ScratchRow(2 + i));
            }

            if (below)
            {
                bluenessStrip.Slice((y - 1) * chromaStride, chromaStride).CopyTo(blueness);
                rednessStrip.Slice((y - 1) * chromaStride, chromaStride).CopyTo(redness);
            }
            else if (vertical == 2)
            {
                JpegDownsample.Both(ScratchRow(0), ScratchRow(1), blueness[..chromaWidth]);
                JpegDownsample.Both(ScratchRow(2), ScratchRow(3), redness[..chromaWidth]);
            }
            else if (Layout.MaxH == 2)
            {
                JpegDownsample.Horizontal(ScratchRow(0), blueness[..chromaWidth]);
                JpegDownsample.Horizontal(ScratchRow(2), redness[..chromaWidth]);
            }
        }
    }

    private Span<short> ScratchRow(int index) => _scratch.AsSpan(index * _rowLength, _rowLength);

    private void ConvertRow(int y, Span<short> luma, Span<short> blueness, Span<short> redness)
    {
        JpegForwardColor.Convert(_image.Row(0, y), _image.Row(1, y), _image.Row(2, y), luma, blueness, redness);
        Extend(luma, _image.Width);
        Extend(blueness, _image.Width);
        Extend(redness, _image.Width);
    }
}
