using System.Buffers;
using Gir.Imaging.Kernels;

namespace Gir.Imaging;

/// <summary>Copies rows between planes and pixels of a format.</summary>
internal sealed class PixelLayout
{
    private const int Alpha = 3;
    private const int Unused = -1;

    // By byte of a pixel: 0..2 red, green, blue, 3 alpha.
    private readonly int[] _order;

    private PixelLayout(int[] order) => _order = order;

    /// <summary>Bytes per pixel.</summary>
    public int Bytes => _order.Length;

    /// <summary>Channels of an image that holds all that the pixels hold.</summary>
    public int Channels => Array.IndexOf(_order, Alpha) >= 0 ? 4 : Math.Min(3, Bytes);

    /// <summary>The layout of a format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format is unknown.</exception>
    public static PixelLayout Of(PixelFormat format) => new(format switch
    {
        PixelFormat.Gray8 => [0],
        PixelFormat.Rgb24 => [0, 1, 2],
        PixelFormat.Bgr24 => [2, 1, 0],
        PixelFormat.Rgba32 => [0, 1, 2, Alpha],
        PixelFormat.Bgra32 => [2, 1, 0, Alpha],
        PixelFormat.Bgrx32 => [2, 1, 0, Unused],
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Expected a member of PixelFormat."),
    });

    /// <summary>The stride that is meant, after checking that the pixels are as many as it asks for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stride is shorter than a row.</exception>
    /// <exception cref="ArgumentException">The pixels are too few.</exception>
    public int CheckStride(int stride, int height, int width, int length)
    {
        long row = (long)Bytes * width;
        if (stride != 0 && stride < row)
            throw new ArgumentOutOfRangeException(nameof(stride), stride, $"Expected 0 (rows without gaps) or at least {row} bytes for {width} pixels of {Bytes}.");
        long needed = ((stride == 0 ? row : stride) * (height - 1L)) + row;
        if (length < needed)
            throw new ArgumentException($"{height} rows of {width} pixels need {needed} bytes, but {length} were given.", "pixels");
        return stride == 0 ? (int)row : stride;
    }

    /// <summary>Pixels to an image of <see cref="Channels"/> channels.</summary>
    public void Read(ReadOnlySpan<byte> pixels, int stride, ImageBuffer image)
    {
        int width = image.Width;
        float[] planes = ArrayPool<float>.Shared.Rent(Bytes * width);
        for (int y = 0; y < image.Height; y++)
        {
            DeinterleaveBytes.Run(pixels.Slice(y * stride, Bytes * width), Bytes, planes, width);
            for (int i = 0; i < Bytes; i++)
            {
                if (_order[i] != Unused)
                    planes.AsSpan(i * width, width).CopyTo(image.Row(_order[i], y));
            }
        }

        ArrayPool<float>.Shared.Return(planes);
    }

    /// <summary>An image to pixels: gray becomes three equal colors, alpha is left out or, where there is none, opaque.</summary>
    public void Write(ImageBuffer image, Span<byte> pixels, int stride)
    {
        int width = image.Width;
        bool isGray = image.Channels < 3;
        int alpha = image.Channels is 2 or 4 ? image.Channels - 1 : Unused;
        float[] planes = ArrayPool<float>.Shared.Rent(Bytes * width);
        for (int y = 0; y < image.Height; y++)
        {
            for (int i = 0; i < Bytes; i++)
            {
                Span<float> plane = planes.AsSpan(i * width, width);
                int channel = _order[i] is Alpha or Unused ? (_order[i] == Alpha ? alpha : Unused) : isGray ? 0 : _order[i];
                if (channel == Unused)
                    plane.Fill(1);
                else
                    image.Row(channel, y).CopyTo(plane);
            }

            InterleaveBytes.Run(planes, width, Bytes, pixels.Slice(y * stride, Bytes * width));
        }

        ArrayPool<float>.Shared.Return(planes);
    }
}
