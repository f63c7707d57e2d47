using System.Globalization;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.Diffusion;

/// <summary>Configurations that follow from the shapes of tensors under a network's own keys.</summary>
internal static class LatentDiffusionShapes
{
    private const int MostBlocks = 1000;

    /// <summary>Of an autoencoder.</summary>
    /// <exception cref="ArgumentException">A tensor is missing.</exception>
    public static AutoencoderKlOptions Autoencoder(IReadOnlyDictionary<string, TensorShape> shapes, int groups)
    {
        int levels = shapes.SequenceLength("encoder.down.");
        int channels = shapes.Size("encoder.conv_in.weight", 0);
        return new()
        {
            Channels = channels,
            Multipliers = [.. Enumerable.Range(0, levels).Select(i => Ratio(shapes.Size(Key($"encoder.down.{i}.block.0.conv1.weight"), 0), channels))],
            Blocks = shapes.SequenceLength("encoder.down.0.block."),
            AttentionLevels = [.. Enumerable.Range(0, levels).Where(i => shapes.ContainsKey(Key($"encoder.down.{i}.attn.0.norm.weight")))],
            ImageChannels = shapes.Size("encoder.conv_in.weight", 1),
            InnerChannels = shapes.Size("encoder.conv_out.weight", 0) / 2,
            LatentChannels = shapes.Size("quant_conv.weight", 0) / 2,
            Groups = groups,
        };
    }

    /// <summary>Of a U-Net or its control branch.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, or the tensors are of a kind that is not known.</exception>
    public static DiffusionUNetOptions Network(IReadOnlyDictionary<string, TensorShape> shapes, LatentDiffusionSettings settings)
    {
        int channels = shapes.Size("input_blocks.0.0.weight", 0);
        int count = shapes.SequenceLength("input_blocks.");
        int[] downs = [.. Enumerable.Range(0, Math.Min(count, MostBlocks)).Where(i => shapes.ContainsKey(Key($"input_blocks.{i}.0.op.weight")))];
        int levels = downs.Length + 1;
        int perLevel = count / levels;
        if (count != levels * perLevel || perLevel < 2 || downs.Where((d, i) => d != (i + 1) * perLevel).Any())
            throw new ArgumentException($"The {count} input blocks with {downs.Length} strided convolutions are no levels of equal length; expected as many residual blocks on each.", nameof(shapes));
        string First(int level) => Key($"input_blocks.{1 + (level * perLevel)}");
        string attention = shapes.Keys.FirstOrDefault(k => k.EndsWith(".proj_in.weight", StringComparison.Ordinal)) ?? "";
        bool isPlain = attention.Length == 0;
        string? context = shapes.Keys.FirstOrDefault(k => k.EndsWith(".transformer_blocks.0.attn2.to_k.weight", StringComparison.Ordinal));
        int width = shapes.Size(First(0) + ".0.in_layers.2.weight", 0);
        return new()
        {
            InputChannels = shapes.Size("input_blocks.0.0.weight", 1),
            OutputChannels = shapes.ContainsKey("out.2.weight") ? shapes.Size("out.2.weight", 0) : 4,
            Channels = channels,
            Multipliers = [.. Enumerable.Range(0, levels).Select(l => Ratio(shapes.Size(First(l) + ".0.in_layers.2.weight", 0), channels))],
            Blocks = perLevel - 1,
            AttentionFactors = [.. Enumerable.Range(0, levels).Where(l => shapes.ContainsKey(First(l) + ".1.norm.weight")).Select(l => 1 << l)],
            Attention = isPlain ? DiffusionAttention.Plain : shapes[attention].Rank == 2 ? DiffusionAttention.Linear : DiffusionAttention.Convolutional,
            HeadChannels = settings.HeadChannels,
            Heads = settings.Heads,
            ContextFeatures = context is null ? null : shapes.Size(context, 1),
            Depth = isPlain ? 1 : shapes.SequenceLength("middle_block.1.transformer_blocks."),
            ScaleShift = shapes.Size(First(0) + ".0.emb_layers.1.weight", 0) == 2 * width,
            HeadsInside = settings.HeadsInside,
            Groups = settings.Groups,
        };
    }

    private static int Ratio(int channels, int unit) => unit > 0 && channels % unit == 0
        ? channels / unit
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A level has {channels} channels, no multiple of the first convolution's {unit}."), nameof(channels));

    private static string Key(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
