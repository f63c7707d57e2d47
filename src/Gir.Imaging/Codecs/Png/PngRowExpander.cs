using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>Turns the stored bytes of a row into samples: bits, palette indices and color keys into channels.</summary>
internal sealed class PngRowExpander
{
    private readonly PngStructure _png;
    private readonly int _channels;
    private readonly byte[] _levels;
    private readonly ushort[] _wide;
    private readonly ushort[] _key;

    public PngRowExpander(PngStructure png)
    {
        _png = png;
        _channels = png.Channels;
        _key = png.Transparency is null || png.Header.ColorType == PngColorType.Palette ? [] : Key(png.Transparency, png.Header.BitDepth);
        bool isDirect = png.Header.BitDepth == 16 || (png.Header.BitDepth == 8 && png.Channels == png.Header.StoredChannels);
        _levels = isDirect ? [] : new byte[png.Header.Width * _channels];
        _wide = png.Header.BitDepth == 16 ? new ushort[png.Header.Width * png.Header.StoredChannels] : [];
    }

    /// <summary>Writes a row's samples; channel c of pixel i goes to destination[c * planeStride + i].</summary>
    public void Expand(ReadOnlySpan<byte> row, int width, Span<float> destination, int planeStride)
    {
        if (_png.Header.BitDepth == 16)
        {
            Wide(row, width, destination, planeStride);
            return;
        }

        if (_levels.Length == 0)
        {
            DeinterleaveBytes.Run(row, _channels, destination, planeStride);
            return;
        }

        Span<byte> levels = _levels.AsSpan(0, width * _channels);
        if (_png.Header.ColorType == PngColorType.Palette)
            FromPalette(row, levels);
        else if (_png.Header.ColorType == PngColorType.Gray)
            FromGray(row, levels);
        else
            FromKeyedRgb(row, levels);
        DeinterleaveBytes.Run(levels, _channels, destination, planeStride);
    }

    private static ushort[] Key(byte[] stored, int depth)
    {
        var key = new ushort[stored.Length / 2];
        for (int i = 0; i < key.Length; i++)
            key[i] = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(stored.AsSpan(2 * i)) & ((1 << depth) - 1));
        return key;
    }

    private void Wide(ReadOnlySpan<byte> row, int width, Span<float> destination, int planeStride)
    {
        int stored = _png.Header.StoredChannels;
        Span<ushort> wide = _wide.AsSpan(0, width * stored);
        MemoryMarshal.Cast<byte, ushort>(row).CopyTo(wide);
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(wide, wide);
        DeinterleaveUInt16.Run(wide, stored, destination, planeStride);
        if (_key.Length == 0)
            return;
        Span<float> alpha = destination.Slice(stored * planeStride, width);
        for (int i = 0; i < alpha.Length; i++)
            alpha[i] = wide.Slice(i * stored, stored).SequenceEqual(_key) ? 0f : 1f;
    }

    private void FromGray(ReadOnlySpan<byte> row, Span<byte> levels)
    {
        int depth = _png.Header.BitDepth;
        int scale = 255 / ((1 << depth) - 1);
        for (int i = 0; i < levels.Length / _channels; i++)
        {
            int value = Bits(row, i, depth);
            levels[i * _channels] = (byte)(value * scale);
            if (_channels == 2)
                levels[(i * 2) + 1] = value == _key[0] ? (byte)0 : (byte)255;
        }
    }

    private void FromPalette(ReadOnlySpan<byte> row, Span<byte> levels)
    {
        int depth = _png.Header.BitDepth;
        ReadOnlySpan<byte> palette = _png.Palette;
        ReadOnlySpan<byte> transparency = _png.Transparency;
        for (int i = 0; i < levels.Length / _channels; i++)
        {
            int index = Bits(row, i, depth);
            if (3 * index >= palette.Length)
                throw PngStructure.Error(_png.DataOffset, $"palette index {index}; the palette has {palette.Length / 3} entries");
            Span<byte> pixel = levels.Slice(i * _channels, _channels);
            palette.Slice(3 * index, 3).CopyTo(pixel);
            if (_channels == 4)
                pixel[3] = index < transparency.Length ? transparency[index] : (byte)255;
        }
    }

    private void FromKeyedRgb(ReadOnlySpan<byte> row, Span<byte> levels)
    {
        for (int i = 0; i < levels.Length / 4; i++)
        {
            ReadOnlySpan<byte> stored = row.Slice(3 * i, 3);
            Span<byte> pixel = levels.Slice(4 * i, 4);
            stored.CopyTo(pixel);
            pixel[3] = stored[0] == _key[0] && stored[1] == _key[1] && stored[2] == _key[2] ? (byte)0 : (byte)255;
        }
    }

    /// <summary>Value number i of a row of 1, 2, 4 or 8 bits each, the first in the high bits.</summary>
    private static int Bits(ReadOnlySpan<byte> row, int i, int depth)
    {
        long bit = (long)i * depth;
        return (row[(int)(bit >> 3)] >> (8 - depth - (int)(bit & 7))) & ((1 << depth) - 1);
    }
}
