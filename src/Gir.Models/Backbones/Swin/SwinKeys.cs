using System.Globalization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.Swin;

/// <summary>What the window transformers' checkpoints say by shapes.</summary>
internal static class SwinKeys
{
    /// <summary>The first block; all are alike but for their place.</summary>
    public const string Block = "layers.0.residual_group.blocks.0.";

    /// <summary>Its table of position biases.</summary>
    public const string Table = Block + "attn.relative_position_bias_table";

    /// <summary>Channels of the image.</summary>
    public static int Channels(IReadOnlyDictionary<string, TensorShape> keys) => keys.Size("conv_first.weight", 1);

    /// <summary>Channels inside.</summary>
    public static int Width(IReadOnlyDictionary<string, TensorShape> keys) => keys.Size("conv_first.weight", 0);

    /// <summary>Side of the windows.</summary>
    public static int WindowSize(IReadOnlyDictionary<string, TensorShape> keys) => Window(keys, Table);

    /// <summary>Whether queries, keys and values have biases.</summary>
    public static bool QkvBias(IReadOnlyDictionary<string, TensorShape> keys) => keys.ContainsKey(Block + "attn.qkv.bias");

    /// <summary>Whether the image's features are normalized first.</summary>
    public static bool PatchNorm(IReadOnlyDictionary<string, TensorShape> keys) => keys.ContainsKey("patch_embed.norm.weight");

    /// <summary>The feed-forward layers' width as a multiple of the network's.</summary>
    public static double MlpRatio(IReadOnlyDictionary<string, TensorShape> keys, double told) =>
        Ratio([(Width(keys), keys.Size(Block + "mlp.fc1.weight", 0))], told);

    /// <summary>"qk_scale", which leaves no trace in a checkpoint.</summary>
    public static HyperParameter<TOptions> QkScale<TOptions>(Func<TOptions, double?> get, Func<TOptions, double?, TOptions> set) => new(
        "qk_scale", (o, _, hyper) => set(o, hyper.Number("qk_scale")), o => get(o)?.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>"ape" and "img_size": the side of the one size of images that a network with absolute positions knows.</summary>
    public static HyperParameter<TOptions> AbsolutePositions<TOptions>(Func<TOptions, int?> get, Func<TOptions, int?, TOptions> set)
    {
        const int official = 64;
        return new(
            "ape",
            (o, keys, hyper) => set(o, keys switch
            {
                null => hyper.Flag("ape") == true ? hyper.Int("img_size") ?? official : null,
                _ => keys.ContainsKey("absolute_pos_embed") ? SquareRoot(keys, "absolute_pos_embed", 1) : null,
            }),
            o => get(o) is { } side ? string.Create(CultureInfo.InvariantCulture, $"true, img_size={side}") : null);
    }

    /// <summary>Blocks of each group: layers.i.residual_group.blocks.j.</summary>
    public static int[] Depths(IReadOnlyDictionary<string, TensorShape> keys) =>
        [.. Enumerable.Range(0, keys.SequenceLength("layers.")).Select(i => keys.SequenceLength($"layers.{i}.residual_group.blocks."))];

    /// <summary>Heads of each group, from the position tables [rows, heads].</summary>
    public static int[] Heads(IReadOnlyDictionary<string, TensorShape> keys) =>
        [.. Enumerable.Range(0, keys.SequenceLength("layers."))
            .Select(i => keys.Size($"layers.{i}.residual_group.blocks.0.attn.relative_position_bias_table", 1))];

    /// <summary>The window whose table has (2 window - 1)^2 rows.</summary>
    /// <exception cref="ArgumentException">No window has so many.</exception>
    public static int Window(IReadOnlyDictionary<string, TensorShape> keys, string table)
    {
        int side = SquareRoot(keys, table, 0);
        return side % 2 == 1 ? (side + 1) / 2 : throw Contradiction(table, keys[table], "(2 window - 1)^2 rows");
    }

    /// <summary>The square root of a size that must be a square.</summary>
    public static int SquareRoot(IReadOnlyDictionary<string, TensorShape> keys, string name, int dimension)
    {
        int size = keys.Size(name, dimension);
        int side = (int)Math.Round(Math.Sqrt(size));
        return side * side == size ? side : throw Contradiction(name, keys[name], "a square");
    }

    /// <summary>
    /// The ratio r with hidden = (int)(width r) at every place: the given one where it fits, else one in the middle of those that do.
    /// </summary>
    /// <exception cref="ArgumentException">No ratio fits all.</exception>
    public static double Ratio(IEnumerable<(int Width, int Hidden)> places, double preferred)
    {
        (int Width, int Hidden)[] all = [.. places];
        if (all.All(p => (int)(p.Width * preferred) == p.Hidden))
            return preferred;
        double low = all.Max(p => p.Hidden / (double)p.Width);
        double high = all.Min(p => (p.Hidden + 1) / (double)p.Width);
        double ratio = all.All(p => (int)(p.Width * low) == p.Hidden) ? low : (low + high) / 2;
        return all.All(p => (int)(p.Width * ratio) == p.Hidden)
            ? ratio
            : throw new ArgumentException($"The checkpoint's hidden widths {string.Join(", ", all.Select(p => $"{p.Hidden} of {p.Width}"))} have no ratio in common.", nameof(places));
    }

    /// <summary>The scale of a chain of pixel shuffles: "upsample.0.weight", "upsample.2.weight", ..</summary>
    /// <exception cref="ArgumentException">A convolution makes a number of channels that belongs to no factor.</exception>
    public static int ShuffleScale(IReadOnlyDictionary<string, TensorShape> keys, int features)
    {
        int scale = 1;
        for (int i = 0; keys.ContainsKey($"upsample.{i}.weight") && scale <= 64; i += 2)
        {
            string name = $"upsample.{i}.weight";
            int outputs = keys.Size(name, 0);
            int factor = outputs == 4 * features ? 2 : outputs == 9 * features ? 3 : throw Contradiction(name, keys[name], $"{4 * features} or {9 * features} outputs");
            scale *= factor;
        }

        return scale;
    }

    public static ArgumentException Contradiction(string name, TensorShape shape, string expected) =>
        new($"The checkpoint's tensor '{name}' is {shape}; expected {expected}.", nameof(name));
}
