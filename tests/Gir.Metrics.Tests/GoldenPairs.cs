using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Metrics.Tests;

/// <summary>The pairs of pairs.json: inputs and expected values.</summary>
internal sealed class GoldenPairs
{
    private static readonly Lazy<GoldenPairs> SyntheticPairs = new(() => new GoldenPairs(
        TestData.Golden("metrics", "pairs.json"), path => TestData.Golden(path["golden/".Length..].Split('/'))));

    private static readonly Dictionary<string, ImageBuffer> Cache = [];

    private GoldenPairs(string path, Func<string, string> resolve)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path));
        Pairs = [.. file.RootElement.GetProperty("pairs").EnumerateArray().Select(e => Read(e, resolve))];
        Clean = [.. file.RootElement.GetProperty("cleanCrops").EnumerateArray().Select(e => Read(e, resolve))];
    }

    public static GoldenPairs Synthetic => SyntheticPairs.Value;

    public static GoldenPairs Photographs => new(
        TestData.Shared("golden", "photos", "metrics", "pairs.json"), path => TestData.Shared(path.Split('/')));

    public IReadOnlyList<GoldenPair> Pairs { get; }

    public IReadOnlyList<GoldenPair> Clean { get; }

    private static GoldenPair Read(JsonElement element, Func<string, string> resolve)
    {
        JsonElement crop = element.GetProperty("reference");
        (int x, int y) = (crop.GetProperty("x").GetInt32(), crop.GetProperty("y").GetInt32());
        (int width, int height) = (crop.GetProperty("width").GetInt32(), crop.GetProperty("height").GetInt32());
        ImageBuffer reference = Crop(Load(resolve(crop.GetProperty("file").GetString()!)), x, y, width, height);
        ImageBuffer distorted = reference;
        if (element.TryGetProperty("distorted", out JsonElement file) && file.GetString() != "same as reference")
            distorted = Load(resolve(file.GetString()!));
        var values = element.GetProperty("values").EnumerateObject().ToDictionary(v => v.Name, v => ReadNumber(v.Value));
        return new GoldenPair(element.GetProperty("name").GetString()!, reference, distorted, values);
    }

    private static double ReadNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when value.GetString() is "inf" or "Infinity" => double.PositiveInfinity,
        _ => throw new InvalidDataException($"Not a number: {value}"),
    };

    private static ImageBuffer Load(string path)
    {
        lock (Cache)
        {
            if (!Cache.TryGetValue(path, out ImageBuffer? image))
                Cache[path] = image = ImageFile.Load(path);
            return image;
        }
    }

    private static ImageBuffer Crop(ImageBuffer image, int x, int y, int width, int height)
    {
        var result = new ImageBuffer(image.Channels, height, width);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int row = 0; row < height; row++)
                image.Row(c, y + row).Slice(x, width).CopyTo(result.Row(c, row));
        }

        return result;
    }
}

internal sealed record GoldenPair(string Name, ImageBuffer Reference, ImageBuffer Distorted, IReadOnlyDictionary<string, double> Values);
