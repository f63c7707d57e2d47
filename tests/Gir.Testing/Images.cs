using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Testing;

/// <summary>Small images, and conversions between goldens (H x W x C, or H x W) and planar images.</summary>
public static class Images
{
    /// <summary>A smooth gradient with a little texture, 3 channels.</summary>
    public static ImageBuffer Gradient(int height, int width, ulong seed = 0)
    {
        var image = new ImageBuffer(3, height, width);
        Philox4x32.FillUniform(image.Samples, seed);
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    image[c, y, x] = 0.2f + (0.5f * (x + y + c) / (height + width)) + (0.1f * image[c, y, x]);
            }
        }

        return image;
    }

    /// <summary>An H x W x C (or H x W) golden tensor as an image; 8-bit values are divided by 255f.</summary>
    public static ImageBuffer FromGolden(SafeTensors file, string name)
    {
        int[] shape = file.Shape(name);
        (int height, int width, int channels) = (shape[0], shape[1], shape.Length > 2 ? shape[2] : 1);
        double[] values = file.Numbers(name);
        bool bytes = file.Type(name) == "U8";
        var image = new ImageBuffer(channels, height, width);
        for (int c = 0; c < channels; c++)
        {
            Span<float> plane = image.Plane(c);
            for (int i = 0; i < plane.Length; i++)
                plane[i] = bytes ? (float)values[(i * channels) + c] / 255f : (float)values[(i * channels) + c];
        }

        return image;
    }

    /// <summary>Planar samples interleaved to H x W x C.</summary>
    public static float[] Interleave(ImageBuffer image)
    {
        var result = new float[image.Samples.Length];
        for (int c = 0; c < image.Channels; c++)
        {
            Span<float> plane = image.Plane(c);
            for (int i = 0; i < plane.Length; i++)
                result[(i * image.Channels) + c] = plane[i];
        }

        return result;
    }

    /// <summary>Interleaved 8-bit levels: clamp(round-half-even(255 v)).</summary>
    public static byte[] ToLevels(ImageBuffer image) =>
        System.Array.ConvertAll(Interleave(image), v => (byte)Math.Clamp(MathF.Round(v * 255f, MidpointRounding.ToEven), 0f, 255f));

    /// <summary>The largest absolute difference.</summary>
    public static double MaxDifference(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
            throw new ArgumentException($"Lengths differ: {actual.Length} and {expected.Length}.");
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = Math.Abs(actual[i] - expected[i]);
            // A NaN must fail the comparison that follows, not slip through it.
            worst = difference > worst || double.IsNaN(difference) ? difference : worst;
            if (double.IsNaN(worst))
                return double.PositiveInfinity;
        }

        return worst;
    }

    /// <summary>How many 8-bit samples differ, and by how much at most.</summary>
    public static (int Count, int Max) LevelDifferences(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        if (actual.Length != expected.Length)
            throw new ArgumentException($"Lengths differ: {actual.Length} and {expected.Length}.");
        (int count, int max) = (0, 0);
        for (int i = 0; i < actual.Length; i++)
        {
            int difference = Math.Abs(actual[i] - expected[i]);
            count += difference == 0 ? 0 : 1;
            max = Math.Max(max, difference);
        }

        return (count, max);
    }
}
