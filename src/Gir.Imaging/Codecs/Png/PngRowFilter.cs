using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>Turns the rows of an image into filtered bytes, each with the filter that leaves the smallest sum of magnitudes (PNG specification, 12.7).</summary>
internal sealed class PngRowFilter
{
    private const int FilterCount = 5;

    private readonly ImageBuffer _image;
    private readonly int _bitDepth;
    private readonly int _pixelBytes;
    private readonly byte[][] _candidates;
    private byte[] _above;
    private byte[] _current;
    private int _next;

    /// <summary>Begins at the top.</summary>
    /// <param name="image">1 to 4 channels.</param>
    /// <param name="bitDepth">8 or 16.</param>
    /// <param name="isFiltered">False leaves every row as it is.</param>
    public PngRowFilter(ImageBuffer image, int bitDepth, bool isFiltered)
    {
        _image = image;
        _bitDepth = bitDepth;
        _pixelBytes = image.Channels * (bitDepth / 8);
        int length = checked(image.Width * _pixelBytes);
        RowBytes = length + 1;
        _above = new byte[length];
        _current = new byte[length];
        _candidates = new byte[isFiltered ? FilterCount : 1][];
        for (int filter = 0; filter < _candidates.Length; filter++)
            _candidates[filter] = new byte[length];
    }

    /// <summary>Bytes of a row, its filter byte included.</summary>
    public int RowBytes { get; }

    /// <summary>Writes a row; cheapest for the row after the last one.</summary>
    public void Next(int y, Span<byte> destination)
    {
        if (y > 0 && y != _next)
            StoreRow(y - 1, _above);
        StoreRow(y, _current);
        int best = 0;
        long least = long.MaxValue;
        for (int filter = 0; filter < _candidates.Length; filter++)
        {
            long sum = PngFilter.Run(filter, _current, _above, _candidates[filter], _pixelBytes);
            if (sum < least)
                (best, least) = (filter, sum);
        }

        destination[0] = (byte)best;
        _candidates[best].CopyTo(destination[1..]);
        (_above, _current) = (_current, _above);
        _next = y + 1;
    }

    private void StoreRow(int y, Span<byte> row)
    {
        ReadOnlySpan<float> samples = _image.Samples[(y * _image.Width)..];
        if (_bitDepth == 8)
        {
            InterleaveBytes.Run(samples, _image.PlaneLength, _image.Channels, row);
            return;
        }

        Span<ushort> levels = MemoryMarshal.Cast<byte, ushort>(row);
        InterleaveUInt16.RunScalar(samples, _image.PlaneLength, _image.Channels, levels);
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(levels, levels);
    }
}
