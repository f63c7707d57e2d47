using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Npy;

/// <summary>Writes format version 1.0, little-endian, C order; one channel of the channels-last layout is still a third dimension.</summary>
internal static class NpyEncoder
{
    private const int Alignment = 64;

    public static void Encode(ImageBuffer image, Stream destination, NpyEncodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        (string type, int bytes) = options.Element switch
        {
            NpyElement.Float32 => ("<f4", 4),
            NpyElement.UInt8 => ("|u1", 1),
            NpyElement.UInt16 => ("<u2", 2),
            _ => throw new ArgumentException($"{nameof(options.Element)} is {options.Element}; expected a member of NpyElement.", nameof(options)),
        };
        bool channelsLast = options.Layout switch
        {
            NpyLayout.Auto => options.Element != NpyElement.Float32,
            NpyLayout.ChannelsFirst => false,
            NpyLayout.ChannelsLast => true,
            _ => throw new ArgumentException($"{nameof(options.Layout)} is {options.Layout}; expected a member of NpyLayout.", nameof(options)),
        };
        destination.Write(Header(type, channelsLast ? [image.Height, image.Width, image.Channels] : [image.Channels, image.Height, image.Width]));

        if (options.Element == NpyElement.Float32 && !channelsLast && BitConverter.IsLittleEndian)
        {
            for (int y = 0; y < image.Height * image.Channels; y++)
                destination.Write(MemoryMarshal.AsBytes(image.Samples.Slice(y * image.Width, image.Width)));
            return;
        }

        byte[] row = new byte[checked(image.Width * (channelsLast ? image.Channels : 1) * bytes)];
        int rows = channelsLast ? image.Height : image.Height * image.Channels;
        int step = channelsLast ? image.Channels : 1;
        for (int y = 0; y < rows; y++)
        {
            for (int c = 0; c < step; c++)
            {
                ReadOnlySpan<float> samples = image.Samples.Slice((c * image.PlaneLength) + (y * image.Width), image.Width);
                for (int x = 0; x < samples.Length; x++)
                    Write(row.AsSpan(((x * step) + c) * bytes), samples[x], options.Element);
            }

            destination.Write(row);
        }
    }

    private static void Write(Span<byte> target, float sample, NpyElement element)
    {
        if (element == NpyElement.Float32)
            BinaryPrimitives.WriteSingleLittleEndian(target, sample);
        else if (element == NpyElement.UInt8)
            target[0] = (byte)UnitLevels.ToLevel(sample, 255f);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)UnitLevels.ToLevel(sample, 65535f));
    }

    private static byte[] Header(string type, int[] shape)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}";
        // NumPy pads with spaces, so that the newline ends on a multiple of 64 and the data can be mapped.
        int length = (10 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        text = text.PadRight(length - 11) + "\n";
        byte[] header = new byte[length];
        NpyHeader.Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        Encoding.ASCII.GetBytes(text).CopyTo(header.AsSpan(10));
        return header;
    }
}
