using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>
/// The generator of StyleGAN2 (Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", CVPR 2020, figure 7b: skip connections of images) under
/// BasicSR's keys: 30,276,583 parameters for 512 x 512. Images are about -1..1, nothing is clamped.
/// </summary>
internal sealed class StyleGan2Generator : Module
{
    private readonly EqualizedLinear[] _mapping;
    private readonly Tensor _constant;
    private readonly StyleConvolution _first;
    private readonly ToRgb _firstImage;
    private readonly StyleConvolution[] _convolutions;
    private readonly ToRgb[] _images;
    private readonly Tensor[] _noises;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public StyleGan2Generator(StyleGan2Options? options = null)
    {
        Options = options ?? new();
        Options.Validate();
        var seeds = new SeedSequence(Options.Seed);
        var filters = new StyleFilters(Options.Taps);
        int style = Options.StyleFeatures;
        IReadOnlyList<int> channels = Options.Channels;
        // Place 0 of the official sequence normalizes z.
        _mapping = [.. Enumerable.Range(1, Options.MappingLayers).Select(i => Child($"style_mlp.{i}", new EqualizedLinear(style, style, seeds.Next(), rate: Options.MappingRate, isActive: true)))];
        _constant = Parameter("constant_input.weight", [1, channels[0], 4, 4], Initializer.Normal(seeds.Next(), 1));
        _first = Child("style_conv1", new StyleConvolution(channels[0], channels[0], style, null, seeds));
        _firstImage = Child("to_rgb1", new ToRgb(channels[0], style, filters, seeds));
        int levels = channels.Count - 1;
        _convolutions = new StyleConvolution[2 * levels];
        for (int i = 0; i < levels; i++)
        {
            _convolutions[2 * i] = Child($"style_convs.{2 * i}", new StyleConvolution(channels[i], channels[i + 1], style, filters.AfterTransposed, seeds));
            _convolutions[(2 * i) + 1] = Child($"style_convs.{(2 * i) + 1}", new StyleConvolution(channels[i + 1], channels[i + 1], style, null, seeds));
        }

        _images = [.. Enumerable.Range(0, levels).Select(i => Child($"to_rgbs.{i}", new ToRgb(channels[i + 1], style, filters, seeds)))];
        _noises = new Tensor[_convolutions.Length + 1];
        for (int i = 0; i < _noises.Length; i++)
        {
            int size = 4 << ((i + 1) / 2);
            _noises[i] = Buffer($"noises.noise{i}", [1, 1, size, size], 0);
            if (Initializer.IsLoading)
                continue;
            var values = new float[size * size];
            Philox4x32.FillGaussian(values, seeds.Next());
            _noises[i].Storage.Write(values);
        }
    }

    /// <summary>The configuration.</summary>
    public StyleGan2Options Options { get; }

    /// <summary>Shapes [1, 1, h, w] of the noise maps, in the order in which they are used.</summary>
    public IEnumerable<TensorShape> NoiseShapes => _noises.Select(n => n.Shape);

    /// <summary>Whether a parameter takes no part in <see cref="FromBaseCode"/> for a code of a size.</summary>
    public static bool IsUnusedFrom(int codeSize, string key)
    {
        int level = Level(codeSize);
        IEnumerable<string> prefixes = ["style_mlp.", "constant_input.", "style_conv1.", "to_rgb1.", .. Enumerable.Range(0, (2 * level) + 1).Select(i => $"style_convs.{i}."),
            .. Enumerable.Range(0, level).Select(i => $"to_rgbs.{i}.")];
        return prefixes.Any(p => key.StartsWith(p, StringComparison.Ordinal));
    }

    /// <summary>Styles w [n, s] of normal values z [n, s].</summary>
    public Tensor Map(Tensor z) => Scopes.Run((Generator: this, z), static s => Scopes.Chain(s.z.PixelNorm(), s.Generator._mapping, static (layer, t) => layer.Call(t)));

    /// <summary>center + amount (w - center): fewer surprises, less variety (Karras et al. 2019, section B).</summary>
    /// <param name="style">Styles [n, s].</param>
    /// <param name="center">Their mean [1, s].</param>
    /// <param name="amount">1 changes nothing, 0 leaves the mean.</param>
    public static Tensor Truncate(Tensor style, Tensor center, float amount) => center + ((style - center) * amount);

    /// <summary>The latents [n, l, s] of one style [n, s] for all layers.</summary>
    public Tensor Repeat(Tensor style) => style.Reshape(style.Shape[0], 1, style.Shape[1]).Expand([style.Shape[0], Options.Latents, style.Shape[1]]);

    /// <summary>The latents of two styles: the first for layers before an index, the second from there on.</summary>
    public Tensor Mix(Tensor first, Tensor second, int index) => index <= 0 ? Repeat(second) : index >= Options.Latents ? Repeat(first) : TensorOps.Concatenate(
        1, Repeat(first).Narrow(1, 0, index), Repeat(second).Narrow(1, index, Options.Latents - index));

    /// <summary>Images [n, 3, size, size] of latents [n, l, s].</summary>
    /// <param name="latents">A style for each layer.</param>
    /// <param name="noises">Maps [n or 1, 1, h, w] of <see cref="NoiseShapes"/>; null takes the stored ones.</param>
    public Tensor Synthesize(Tensor latents, IReadOnlyList<Tensor>? noises = null)
    {
        noises = CheckLatents(latents, noises);
        Tensor x = _first.Call(_constant.Expand([latents.Shape[0], .. _constant.Shape.Sizes[1..]]), Style(latents, 0), noises[0]);
        Tensor image = _firstImage.Call(x, Style(latents, 1), null);
        return Levels(0, x, image, latents, noises).Image;
    }

    /// <summary>
    /// The image of a map that replaces the generator's own, right after its size's first convolution (UGPNet): what comes before has no part in it, the sum of
    /// images begins there.
    /// </summary>
    /// <param name="code">The map [n, c, k, k], c being the channels at that size.</param>
    /// <param name="latents">[n, l, s]; those before the size's second convolution are not used.</param>
    /// <param name="noises">As in <see cref="Synthesize"/>.</param>
    /// <returns>The image, and the last level's map [n, c, size, size].</returns>
    public (Tensor Image, Tensor Feature) FromBaseCode(Tensor code, Tensor latents, IReadOnlyList<Tensor>? noises = null)
    {
        noises = CheckLatents(latents, noises);
        int size = code.Shape[2];
        int level = Level(size);
        if (level < 0 || level >= _images.Length || 8 << level != size || code.Shape[3] != size || code.Shape[1] != Options.Channels[level + 1])
            throw new TensorShapeException("base code", $"{code.Shape}", $"[n, {Options.Channels[Math.Clamp(level + 1, 1, _images.Length)]}, k, k] with k a size of the generator from 8 to {Options.Size}");
        (Tensor x, Tensor image) = Second(level, code, null, latents, noises);
        (Tensor feature, Tensor last) = Levels(level + 1, x, image, latents, noises);
        return (last, feature);
    }

    /// <summary>Images of normal values z [n, s], with the stored noise.</summary>
    protected override Tensor Forward(Tensor x) => Synthesize(Repeat(Map(x)));

    private static int Level(int size) => System.Numerics.BitOperations.Log2((uint)size) - 3;

    private static Tensor Style(Tensor latents, int index) => latents.Narrow(1, index, 1).Reshape(latents.Shape[0], latents.Shape[2]);

    private IReadOnlyList<Tensor> CheckLatents(Tensor latents, IReadOnlyList<Tensor>? noises)
    {
        if (latents.Rank != 3 || latents.Shape[1] != Options.Latents || latents.Shape[2] != Options.StyleFeatures)
            throw new TensorShapeException("latents", $"{latents.Shape}", $"[n, {Options.Latents}, {Options.StyleFeatures}]");
        if (noises is not null && noises.Count != _noises.Length)
            throw new ArgumentException($"Found {noises.Count} noise maps; expected {_noises.Length}.", nameof(noises));
        return noises ?? _noises;
    }

    private (Tensor Feature, Tensor Image) Levels(int from, Tensor x, Tensor image, Tensor latents, IReadOnlyList<Tensor> noises)
    {
        for (int level = from; level < _images.Length; level++)
        {
            int first = (2 * level) + 1;
            x = _convolutions[first - 1].Call(x, Style(latents, first), noises[first]);
            (x, image) = Second(level, x, image, latents, noises);
        }

        return (x, image);
    }

    private (Tensor Feature, Tensor Image) Second(int level, Tensor x, Tensor? below, Tensor latents, IReadOnlyList<Tensor> noises)
    {
        int first = (2 * level) + 1;
        x = _convolutions[first].Call(x, Style(latents, first + 1), noises[first + 1]);
        // The next level's first convolution takes the same latent.
        return (x, _images[level].Call(x, Style(latents, first + 2), below));
    }
}
