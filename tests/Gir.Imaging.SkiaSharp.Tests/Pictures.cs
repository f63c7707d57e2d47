using Gir.Imaging.Codecs;

namespace Gir.Imaging.SkiaSharp.Tests;

/// <summary>Small pictures, and files of formats that nobody here writes.</summary>
internal static class Pictures
{
    public static ImageBuffer Make(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    image[c, y, x] = c == 3 ? (x + 1f) / width : 0.5f + (0.4f * MathF.Sin((0.3f * x) + (0.2f * y) + c));
            }
        }

        return image.Quantized();
    }

    public static byte[] Webp(ImageBuffer image, bool isLossless) => Encode(SkiaCodecs.Webp, image, new WebpEncodeOptions(90, isLossless));

    public static byte[] Encode(IImageCodec codec, ImageBuffer image, ImageEncodeOptions? options = null)
    {
        using var stream = new MemoryStream();
        codec.Encode(image, stream, options);
        return stream.ToArray();
    }

    /// <summary>Two frames of four colors: the first has the colors' numbers in order, the second is all of one. Codes are not packed beyond the third bit.</summary>
    public static byte[] Gif(int height = 2, int width = 2)
    {
        var bytes = new List<byte>("GIF89a"u8.ToArray());
        bytes.AddRange([(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0xA1, 0, 0]);
        // Black, red, green, blue.
        bytes.AddRange([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
        bytes.AddRange(Frame([0, 1, 2, 3]));
        bytes.AddRange(Frame([1, 1, 1, 1]));
        bytes.Add(0x3B);
        return [.. bytes];

        static byte[] Frame(int[] colors)
        {
            // Clear (4) before each code keeps all codes at three bits; 5 ends.
            var codes = new List<int>();
            foreach (int color in colors)
                codes.AddRange([4, color]);
            codes.Add(5);
            long packed = 0;
            for (int i = 0; i < codes.Count; i++)
                packed |= (long)codes[i] << (3 * i);
            byte[] data = [.. Enumerable.Range(0, ((3 * codes.Count) + 7) / 8).Select(i => (byte)(packed >> (8 * i)))];
            return [0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, (byte)data.Length, .. data, 0];
        }
    }

    /// <summary>An icon of pictures as PNG.</summary>
    public static byte[] Ico(params ImageBuffer[] pictures)
    {
        byte[][] files = Array.ConvertAll(pictures, p => ImageFile.Encode(p));
        var bytes = new List<byte> { 0, 0, 1, 0, (byte)pictures.Length, 0 };
        int offset = 6 + (16 * pictures.Length);
        for (int i = 0; i < files.Length; i++)
        {
            bytes.AddRange([(byte)pictures[i].Width, (byte)pictures[i].Height, 0, 0, 1, 0, 32, 0]);
            bytes.AddRange(BitConverter.GetBytes(files[i].Length));
            bytes.AddRange(BitConverter.GetBytes(offset));
            offset += files[i].Length;
        }

        foreach (byte[] file in files)
            bytes.AddRange(file);
        return [.. bytes];
    }
}
