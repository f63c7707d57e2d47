using System.Globalization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Onnx;

/// <summary>What somebody who feeds images to an ONNX model must know and its shapes do not say; kept in the file's metadata under "gir." names.</summary>
public sealed record OnnxModelDescription
{
    private const string Prefix = "gir.";

    /// <summary>The architecture's name.</summary>
    public string Architecture { get; init; } = "ONNX";

    /// <summary>The network's hyper-parameters, for people.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>Output size divided by input size, at least 1; default 1.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The value of white in input and output; default 1.</summary>
    public float Range { get; init; } = 1;

    /// <summary>What sizes of images the model takes; default: any.</summary>
    public InputSize Size { get; init; } = new();

    /// <summary>The only height and width that the model takes; null (the default) for any that <see cref="Size"/> allows. The model's shapes say it too.</summary>
    public (int Height, int Width)? FixedSize { get; init; }

    /// <summary>Whether the last input channel holds the noise's standard deviation, in units of <see cref="Range"/>.</summary>
    public bool TakesNoiseMap { get; init; }

    /// <summary>Whether an image may be restored in tiles.</summary>
    public TilingSupport Tiling { get; init; } = TilingSupport.Supported;

    /// <summary>Pixels of the input that neighboring tiles share, at least 0; default 64.</summary>
    public int TileOverlap { get; init; } = 64;

    /// <summary>
    /// Side of the second input, "thumbnail": the whole picture that the first input is, or is cut from, in cells (rows floor(i h / s) to ceil((i + 1) h / s),
    /// columns likewise; torch's adaptive average pooling): the means of all channels, m(x), then their deviations, sqrt(max(0, m(x^2) - m(x)^2) + 1e-6). 0 (the
    /// default) where there is no such input.
    /// </summary>
    public int ThumbnailSize { get; init; }

    /// <summary>Learned parameters; 0 where not known.</summary>
    public long ParameterCount { get; init; }

    /// <summary>The model's name; null where not known.</summary>
    public string? Name { get; init; }

    /// <summary>The weights' license; null where not known.</summary>
    public string? License { get; init; }

    /// <summary>On what and how they were trained, in words; null where not known.</summary>
    public string? Training { get; init; }

    /// <summary>What a network says of itself.</summary>
    internal static OnnxModelDescription Of(RestorationNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new OnnxModelDescription
        {
            Architecture = network.Architecture,
            Configuration = network.Configuration,
            Scale = network.Scale,
            Range = network.Range,
            Size = network.Size,
            TakesNoiseMap = network.TakesNoiseMap,
            Tiling = network.Tiling,
            TileOverlap = network.TileOverlap,
            ThumbnailSize = network.ThumbnailSize,
            ParameterCount = network.Module.ParameterCount(),
        };
    }

    /// <summary>Reads a model's metadata; what is not there has its default.</summary>
    /// <param name="texts">Texts by key; those of others are left alone.</param>
    /// <exception cref="ArgumentException">A text is not what its key promises, or a number is out of range.</exception>
    public static OnnxModelDescription Read(IReadOnlyDictionary<string, string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new OnnxModelDescription
        {
            Architecture = Text("architecture") ?? "ONNX",
            Configuration = Text("configuration") ?? "",
            Scale = Whole("scale", 1, 1, 64),
            Range = Real("range"),
            Size = new InputSize
            {
                Multiple = Whole("size_multiple", 1, 1, 1 << 16),
                Minimum = Whole("size_minimum", 1, 1, 1 << 16),
                IsSquare = Flag("size_square"),
                SquareMultiple = Whole("square_multiple", 0, 0, 1 << 16),
                Padding = Word("padding", TensorPadMode.Reflect),
                IsCentered = Flag("centered"),
            },
            FixedSize = Text("fixed_height") is null ? null : (Whole("fixed_height", 1, 1, 1 << 16), Whole("fixed_width", 1, 1, 1 << 16)),
            TakesNoiseMap = Flag("noise_map"),
            Tiling = Word("tiling", TilingSupport.Supported),
            TileOverlap = Whole("tile_overlap", 64, 0, 1 << 16),
            ThumbnailSize = Whole("thumbnail", 0, 0, 4096),
            ParameterCount = long.TryParse(Text("parameters"), NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : 0,
            Name = Text("name") ?? texts.GetValueOrDefault("name"),
            License = Text("license") ?? texts.GetValueOrDefault("license"),
            Training = Text("training") ?? texts.GetValueOrDefault("training"),
        };

        string? Text(string key) => texts.GetValueOrDefault(Prefix + key);

        int Whole(string key, int otherwise, int least, int most) => Text(key) is not { } text
            ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
                ? value
                : throw Wrong(key, text, $"a whole number in {least}..{most}");

        float Real(string key) => Text(key) is not { } text
            ? 1
            : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value > 0 && value <= 1e6f
                ? value
                : throw Wrong(key, text, "a positive number of at most 1000000");

        bool Flag(string key) => Text(key) switch
        {
            null or "false" => false,
            "true" => true,
            string text => throw Wrong(key, text, "true or false"),
        };

        TEnum Word<TEnum>(string key, TEnum otherwise)
            where TEnum : struct, Enum => Text(key) is not { } text
            ? otherwise
            : Enum.TryParse(text, ignoreCase: true, out TEnum value) && Enum.IsDefined(value)
                ? value
                : throw Wrong(key, text, $"one of {string.Join(", ", Enum.GetNames<TEnum>()).ToLowerInvariant()}");
    }

    /// <summary>The description as texts by key, which <see cref="Read"/> reads.</summary>
    internal IReadOnlyDictionary<string, string> ToMetadata()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["architecture"] = Architecture,
            ["configuration"] = Configuration,
            ["scale"] = Invariant(Scale),
            ["range"] = Invariant(Range),
            ["size_multiple"] = Invariant(Size.Multiple),
            ["size_minimum"] = Invariant(Size.Minimum),
            ["size_square"] = Flag(Size.IsSquare),
            ["square_multiple"] = Invariant(Size.SquareMultiple),
            ["padding"] = Size.Padding.ToString().ToLowerInvariant(),
            ["centered"] = Flag(Size.IsCentered),
            ["noise_map"] = Flag(TakesNoiseMap),
            ["tiling"] = Tiling.ToString().ToLowerInvariant(),
            ["tile_overlap"] = Invariant(TileOverlap),
            ["thumbnail"] = Invariant(ThumbnailSize),
            ["parameters"] = Invariant(ParameterCount),
        };
        if (FixedSize is { } one)
            (texts["fixed_height"], texts["fixed_width"]) = (Invariant(one.Height), Invariant(one.Width));
        foreach ((string key, string? text) in new[] { ("name", Name), ("license", License), ("training", Training) })
        {
            if (text is not null)
                texts[key] = text;
        }

        return texts.ToDictionary(t => Prefix + t.Key, t => t.Value, StringComparer.Ordinal);

        static string Invariant(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

        static string Flag(bool value) => value ? "true" : "false";
    }

    private static ArgumentException Wrong(string key, string found, string expected) =>
        new($"The metadata's '{Prefix}{key}' is '{Gir.Imaging.Text.Suggestion.Shortened(found)}'; expected {expected}.", nameof(key));
}
