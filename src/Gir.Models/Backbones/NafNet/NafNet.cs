using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.NafNet;

/// <summary>
/// U-Net of blocks without activation functions (Chen, Chu, Zhang, Sun: "Simple Baselines for Image Restoration", ECCV 2022, figures 2d and 3c):
/// 29,159,715 parameters (SIDD, width 32). Zeros fill sizes up to a multiple of 2^levels inside, any size will do.
/// </summary>
internal sealed class NafNet : Module, ILastFeature
{
    private readonly Conv2d _intro;
    private readonly Conv2d _ending;
    private readonly Module[] _encoders;
    private readonly Module[] _decoders;
    private readonly Module _middle;
    private readonly Module[] _ups;
    private readonly Conv2d[] _downs;
    private readonly int _multiple;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public NafNet(NafNetOptions? options = null)
    {
        options ??= new();
        options.Validate();
        int levels = options.EncoderBlocks.Count;
        _multiple = 1 << levels;
        FeatureChannels = options.Width;
        var layers = new LayerFactory(options.Seed);
        int Width(int level) => options.Width << level;
        Sequential Blocks(int count, int level) =>
            new([.. Enumerable.Range(0, count).Select(_ => new NafBlock(Width(level), options.LocalWindow >> level, layers))]);

        _intro = Child("intro", layers.Convolution(options.Channels, options.Width));
        _ending = Child("ending", layers.Convolution(options.Width, options.Channels));
        _encoders = [.. Enumerable.Range(0, levels).Select(i => Child($"encoders.{i}", Blocks(options.EncoderBlocks[i], i)))];
        _decoders = [.. Enumerable.Range(0, levels).Select(i => Child($"decoders.{i}", Blocks(options.DecoderBlocks[i], levels - 1 - i)))];
        _middle = Child("middle_blks", Blocks(options.MiddleBlocks, levels));
        _ups = [.. Enumerable.Range(0, levels).Select(i => Child($"ups.{i}", new Sequential(
            layers.Convolution(Width(levels - i), 2 * Width(levels - i), 1, bias: false), new Function(x => x.PixelShuffle(2)))))];
        _downs = [.. Enumerable.Range(0, levels).Select(i => Child($"downs.{i}", layers.Strided(Width(i), Width(i + 1), 2, 2, 0)))];
    }

    /// <inheritdoc/>
    public int FeatureChannels { get; }

    /// <inheritdoc/>
    public Tensor Feature(Tensor x)
    {
        Tensor y = _intro.Call(Padded(x));
        var skips = new Tensor[_encoders.Length];
        for (int i = 0; i < _encoders.Length; i++)
        {
            skips[i] = _encoders[i].Call(y);
            y = _downs[i].Call(skips[i]);
        }

        y = _middle.Call(y);
        for (int i = 0; i < _decoders.Length; i++)
            y = _decoders[i].Call(_ups[i].Call(y).AddInPlace(skips[^(i + 1)]));
        return y;
    }

    /// <inheritdoc/>
    public Tensor ToImage(Tensor feature, Tensor x)
    {
        Tensor input = Padded(x);
        Tensor y = _ending.Call(feature) + input;
        return ReferenceEquals(input, x) ? y : y.Narrow(2, 0, x.Shape[2]).Narrow(3, 0, x.Shape[3]);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => ToImage(Feature(x), x);

    private Tensor Padded(Tensor x)
    {
        (int bottom, int right) = (Missing(x.Shape[2]), Missing(x.Shape[3]));
        return bottom + right == 0 ? x : x.Pad2d(TensorPadMode.Constant, 0, right, 0, bottom);
    }

    private int Missing(int size) => (_multiple - (size % _multiple)) % _multiple;
}
