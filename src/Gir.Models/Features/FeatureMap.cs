using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Features;

/// <summary>What a part of a network makes of one image, as an image of features.</summary>
internal static class FeatureMap
{
    /// <summary>Features, rows and columns; null where the result is nothing that lies over an image.</summary>
    public static (int Channels, int Height, int Width)? SizeOf(Module part, Tensor result)
    {
        TensorShape shape = result.Shape;
        return shape.Rank switch
        {
            2 when shape[0] == 1 => (shape[1], 1, 1),
            4 when shape[0] == 1 => part.MakesTokens ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]),
            _ => null,
        };
    }

    /// <summary>Copies a result, since the network goes on working in its memory.</summary>
    /// <exception cref="InvalidOperationException">It has no <see cref="SizeOf"/>.</exception>
    public static ImageBuffer Of(Module part, Tensor result)
    {
        if (SizeOf(part, result) is not var (channels, height, width))
            throw new InvalidOperationException($"{result} does not lie over an image.");
        float[] values = result.ToArray();
        if (!part.MakesTokens || result.Rank != 4)
            return new ImageBuffer(channels, height, width, values);
        var map = new ImageBuffer(channels, height, width);
        for (int p = 0; p < map.PlaneLength; p++)
        {
            for (int c = 0; c < channels; c++)
                map.Array[(c * map.PlaneLength) + p] = values[(p * channels) + c];
        }

        return map;
    }

    /// <summary>Maps of one size, one after another.</summary>
    public static ImageBuffer Join(IReadOnlyList<ImageBuffer> maps) =>
        maps.Count == 1 ? maps[0] : new ImageBuffer(maps.Sum(m => m.Channels), maps[0].Height, maps[0].Width, [.. maps.SelectMany(m => m.Array)]);
}
