using System.Buffers.Binary;
using System.IO.Compression;
using Gir.Imaging;

namespace Gir.Metrics.Tests;

/// <summary>Reads the goldens' own images: 8-bit gray or RGB, not interlaced.</summary>
internal static class PngReader
{
    public static ImageBuffer Load(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        using var compressed = new MemoryStream();
        (int width, int height, int channels) = (0, 0, 0);
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            string type = System.Text.Encoding.ASCII.GetString(file, at + 4, 4);
            if (type == "IHDR")
            {
                width = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at + 8));
                height = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at + 12));
                channels = file[at + 17] switch { 0 => 1, 2 => 3, var t => throw new NotSupportedException($"Color type {t}.") };
            }
            else if (type == "IDAT")
            {
                compressed.Write(file, at + 8, length);
            }

            at += 12 + length;
        }

        compressed.Position = 0;
        using var raw = new MemoryStream();
        using (var inflate = new ZLibStream(compressed, CompressionMode.Decompress))
            inflate.CopyTo(raw);
        byte[] data = raw.ToArray();
        int stride = width * channels;
        var previous = new byte[stride];
        var image = new ImageBuffer(channels, height, width);
        for (int y = 0; y < height; y++)
        {
            int filter = data[y * (stride + 1)];
            byte[] line = data.AsSpan((y * (stride + 1)) + 1, stride).ToArray();
            for (int i = 0; i < stride; i++)
            {
                int a = i >= channels ? line[i - channels] : 0;
                int b = previous[i];
                int c = i >= channels ? previous[i - channels] : 0;
                line[i] += (byte)(filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => Paeth(a, b, c) });
                image[i % channels, y, i / channels] = line[i] / 255f;
            }

            previous = line;
        }

        return image;
    }

    private static int Paeth(int a, int b, int c)
    {
        int p = a + b - c;
        (int pa, int pb, int pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
}
