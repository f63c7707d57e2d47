using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gir.Imaging;

namespace Gir.Evaluation.Orleans.Messages;

/// <summary>An image as bytes: bits per sample, channels, height, width, then samples; levels of 8 or 16 bits where those give the same floats, bit for bit.</summary>
/// <param name="Hash">SHA-256 of the bytes, in lower-case hexadecimal.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record ImagePacket(string Hash, byte[] Bytes)
{
    private const int HeaderLength = 16;

    public static ImagePacket Of(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] bytes = Levels8(image) ?? Levels16(image) ?? Floats(image);
        return new ImagePacket(HashOf(bytes), bytes);
    }

    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <exception cref="InvalidDataException">The bytes are no packed image.</exception>
    public static ImageBuffer Unpack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength)
            throw new InvalidDataException($"A packed image has {bytes.Length} bytes; expected at least {HeaderLength}.");
        int bits = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        int channels = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int height = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        int width = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        ReadOnlySpan<byte> body = bytes[HeaderLength..];
        if (bits is not (8 or 16 or 32) || channels < 1 || height < 1 || width < 1 || (Int128)channels * height * width * (bits / 8) != body.Length)
            throw new InvalidDataException($"A packed image of {channels} x {height} x {width} samples of {bits} bits has {body.Length} bytes of them.");
        var image = new ImageBuffer(channels, height, width);
        Span<float> samples = image.Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = bits switch
            {
                8 => body[i] / 255f,
                16 => BinaryPrimitives.ReadUInt16LittleEndian(body[(2 * i)..]) / 65535f,
                _ => BinaryPrimitives.ReadSingleLittleEndian(body[(4 * i)..]),
            };
        }

        return image;
    }

    private static byte[]? Levels8(ImageBuffer image)
    {
        byte[] bytes = WithHeader(image, 8);
        ReadOnlySpan<float> samples = image.Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            if (Level(samples[i], 255) is not { } level)
                return null;
            bytes[HeaderLength + i] = (byte)level;
        }

        return bytes;
    }

    private static byte[]? Levels16(ImageBuffer image)
    {
        byte[] bytes = WithHeader(image, 16);
        ReadOnlySpan<float> samples = image.Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            if (Level(samples[i], 65535) is not { } level)
                return null;
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(HeaderLength + (2 * i)), (ushort)level);
        }

        return bytes;
    }

    private static byte[] Floats(ImageBuffer image)
    {
        byte[] bytes = WithHeader(image, 32);
        ReadOnlySpan<float> samples = image.Samples;
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(samples).CopyTo(bytes.AsSpan(HeaderLength));
            return bytes;
        }

        for (int i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(HeaderLength + (4 * i)), samples[i]);
        return bytes;
    }

    /// <summary>The level that gives exactly this sample; null where none does (a negative zero among them).</summary>
    private static int? Level(float sample, int white)
    {
        if (!(sample is >= 0 and <= 1))
            return null;
        int level = (int)MathF.Round(sample * white);
        return BitConverter.SingleToInt32Bits(level / (float)white) == BitConverter.SingleToInt32Bits(sample) ? level : null;
    }

    private static byte[] WithHeader(ImageBuffer image, int bits)
    {
        byte[] bytes = new byte[checked(HeaderLength + (image.Samples.Length * (bits / 8)))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bits);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), image.Channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), image.Height);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), image.Width);
        return bytes;
    }
}
