using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Restormer;

/// <summary>
/// Restormer (Zamir, Arora, Khan, Hayat, Khan, Yang: "Restormer: Efficient Transformer for High-Resolution Image Restoration",
/// CVPR 2022, figure 2): 26,126,644 parameters (with bias), 26,111,668 (bias-free).
/// </summary>
/// <remarks>Height and width of the input are multiples of 8; the authors reflect images at the right and bottom up to that.</remarks>
internal sealed class Restormer : Module
{
    private readonly RestormerOptions _options;
    private readonly Conv2d _first;
    private readonly Sequential[] _encoders = new Sequential[3];
    private readonly Conv2d[] _downs = new Conv2d[3];
    private readonly Sequential _latent;
    private readonly Conv2d[] _ups = new Conv2d[3];
    private readonly Conv2d?[] _reductions = new Conv2d?[3];
    private readonly Sequential[] _decoders = new Sequential[3];
    private readonly Sequential _refinement;
    private readonly Conv2d _last;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict one another.</exception>
    public Restormer(RestormerOptions? options = null)
    {
        _options = options ?? new();
        _options.Validate();
        (int width, bool bias) = (_options.Width, _options.ConvolutionBias);
        var layers = new LayerFactory(_options.Seed);
        // The published first convolution has no bias in any configuration.
        _first = Child("patch_embed.proj", layers.Convolution(_options.Channels, width, bias: false));
        for (int i = 0; i < 3; i++)
        {
            _encoders[i] = Child($"encoder_level{i + 1}", Stage(width << i, _options.Blocks[i], _options.Heads[i], layers));
            _downs[i] = Child($"down{i + 1}_{i + 2}.body.0", layers.Convolution(width << i, (width << i) / 2, bias: false));
        }

        _latent = Child("latent", Stage(width << 3, _options.Blocks[3], _options.Heads[3], layers));
        for (int i = 2; i >= 0; i--)
        {
            _ups[i] = Child($"up{i + 2}_{i + 1}.body.0", layers.Convolution(width << (i + 1), width << (i + 2), bias: false));
            // On the top level the concatenated channels stay: decoder and refinement are twice as wide.
            if (i > 0)
                _reductions[i] = Child($"reduce_chan_level{i + 1}", layers.Convolution(width << (i + 1), width << i, 1, bias: bias));
            _decoders[i] = Child($"decoder_level{i + 1}", Stage(i > 0 ? width << i : 2 * width, _options.Blocks[i], _options.Heads[i], layers));
        }

        _refinement = Child("refinement", Stage(2 * width, _options.RefinementBlocks, _options.Heads[0], layers));
        _last = Child("output", layers.Convolution(2 * width, _options.Channels, bias: bias));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 4 || x.Shape[1] != _options.Channels || x.Shape[2] % 8 != 0 || x.Shape[3] % 8 != 0)
            throw new TensorShapeException("Restormer", $"{x.Shape}", $"[n, {_options.Channels}, h, w] with h and w multiples of 8");
        var skips = new Tensor[3];
        Tensor y = _first.Call(x);
        for (int i = 0; i < 3; i++)
        {
            skips[i] = _encoders[i].Call(y);
            y = _downs[i].Call(skips[i]).PixelUnshuffle(2);
        }

        y = _latent.Call(y);
        for (int i = 2; i >= 0; i--)
        {
            y = TensorOps.Concatenate(1, _ups[i].Call(y).PixelShuffle(2), skips[i]);
            y = _reductions[i]?.Call(y) ?? y;
            y = _decoders[i].Call(y);
        }

        return _last.Call(_refinement.Call(y)) + x;
    }

    private Sequential Stage(int width, int blocks, int heads, LayerFactory layers) =>
        new([.. Enumerable.Range(0, blocks).Select(_ => new RestormerBlock(width, heads, _options, layers))]);
}
