using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>Configuration of <see cref="StyleGan2Generator"/> and <see cref="StyleGan2Discriminator"/>; the default is UGPNet's generator for faces of 512 pixels.</summary>
internal sealed record StyleGan2Options
{
    /// <summary>Channels at size 4, 8, 16, .. up to the image's; their number says the image's size.</summary>
    public IReadOnlyList<int> Channels { get; init; } = Widths(512, 2);

    /// <summary>Features of a style (of z and w).</summary>
    public int StyleFeatures { get; init; } = 512;

    /// <summary>Layers of the mapping network.</summary>
    public int MappingLayers { get; init; } = 8;

    /// <summary>The mapping network's weights learn slower by this factor.</summary>
    public double MappingRate { get; init; } = 0.01;

    /// <summary>Taps of the resampling filter, whatever their sum.</summary>
    public IReadOnlyList<int> Taps { get; init; } = [1, 3, 3, 1];

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>Height and width of the image.</summary>
    public int Size => 4 << (Channels.Count - 1);

    /// <summary>Styles that an image takes.</summary>
    public int Latents => 2 * Channels.Count;

    /// <summary>The published channels: 512 up to size 32, then 256 m, 128 m, .. for a multiplier m, all times a factor.</summary>
    /// <param name="size">Height and width of the image, a power of two from 8 to 1024.</param>
    /// <param name="multiplier">The multiplier m: 2, or 1 for small discriminators.</param>
    /// <param name="narrow">The factor of all channels.</param>
    public static IReadOnlyList<int> Widths(int size, int multiplier, double narrow = 1)
    {
        OptionChecks.OneOf(size, [8, 16, 32, 64, 128, 256, 512, 1024]);
        var widths = new List<int>();
        for (int s = 4; s <= size; s *= 2)
            widths.Add((int)((s <= 32 ? 512 : 16 * multiplier * (1024 / s)) * narrow));
        return widths;
    }

    /// <summary>The generator that a checkpoint's tensors (BasicSR's keys) belong to.</summary>
    /// <exception cref="ArgumentException">A tensor is missing.</exception>
    public static StyleGan2Options OfGenerator(IReadOnlyDictionary<string, TensorShape> keys)
    {
        int mapping = 0;
        while (keys.ContainsKey($"style_mlp.{mapping + 1}.weight"))
            mapping++;
        int levels = keys.SequenceLength("to_rgbs.") + 1;
        return new()
        {
            Channels = [.. Enumerable.Range(0, levels).Select(i => i == 0 ? keys.Size("constant_input.weight", 1) : keys.Size($"style_convs.{(2 * i) - 1}.modulated_conv.weight", 1))],
            StyleFeatures = keys.Size("style_conv1.modulated_conv.modulation.weight", 1),
            MappingLayers = mapping,
        };
    }

    /// <summary>The discriminator that a checkpoint's tensors (BasicSR's keys) belong to.</summary>
    /// <exception cref="ArgumentException">A tensor is missing.</exception>
    public static StyleGan2Options OfDiscriminator(IReadOnlyDictionary<string, TensorShape> keys)
    {
        int levels = 0;
        while (keys.ContainsKey($"conv_body.{levels + 1}.conv1.0.weight"))
            levels++;
        int Width(int i) => i == 0 ? keys.Size("final_conv.0.weight", 0) : keys.Size($"conv_body.{levels - i + 1}.conv1.0.weight", 0);
        return new() { Channels = [.. Enumerable.Range(0, levels + 1).Select(Width)] };
    }

    internal void Validate()
    {
        OptionChecks.Counts(Channels);
        OptionChecks.InRange(Channels.Count, 2, 9, nameof(Channels));
        OptionChecks.Positive(StyleFeatures);
        OptionChecks.InRange(MappingLayers, 0, 100);
        OptionChecks.PositiveNumber(MappingRate);
        OptionChecks.Counts(Taps);
        OptionChecks.InRange(Taps.Count, 2, 16, nameof(Taps));
    }
}
