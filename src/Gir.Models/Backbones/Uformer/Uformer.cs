using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Uformer;

/// <summary>
/// Uformer (Wang, Cun, Bao, Zhou, Liu, Li: "Uformer: A General U-Shaped Transformer for Image Restoration", CVPR 2022, figure 2):
/// 50,880,946 parameters (B); S 20,751,197; T 5,291,853.
/// </summary>
/// <remarks>
/// Any input size: as in the authors' tests (expand2square), an image that is no square of whole windows is put in the middle of one, zeros
/// around it, attention inside the padding masked, and the output is cropped.
/// </remarks>
internal sealed class Uformer : Module
{
    private readonly UformerOptions _options;
    private readonly Conv2d _first;
    private readonly Conv2d _last;
    private readonly LeWinStage[] _encoders = new LeWinStage[4];
    private readonly Conv2d[] _downs = new Conv2d[4];
    private readonly LeWinStage _bottleneck;
    private readonly ConvTranspose2d[] _ups = new ConvTranspose2d[4];
    private readonly LeWinStage[] _decoders = new LeWinStage[4];

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict one another.</exception>
    public Uformer(UformerOptions? options = null)
    {
        _options = options ?? new();
        _options.Validate();
        int width = _options.Width;
        var layers = new LayerFactory(_options.Seed);
        _first = Child("input_proj.proj.0", layers.Convolution(_options.InputChannels, width));
        _last = Child("output_proj.proj.0", layers.Convolution(2 * width, _options.OutputChannels));
        for (int i = 0; i < 4; i++)
        {
            _encoders[i] = Child($"encoderlayer_{i}", new LeWinStage(i, _options, layers));
            // Spelt so in the published checkpoints.
            _downs[i] = Child($"dowsample_{i}.conv.0", layers.Strided(width << i, width << (i + 1), 4, 2, 1));
        }

        _bottleneck = Child("conv", new LeWinStage(4, _options, layers));
        for (int i = 0; i < 4; i++)
        {
            // Above the bottleneck, a decoder level hands on the doubled channels of its concatenation.
            _ups[i] = Child($"upsample_{i}.deconv.0", layers.Doubling(width << (i == 0 ? 4 : 5 - i), width << (3 - i)));
            _decoders[i] = Child($"decoderlayer_{i}", new LeWinStage(5 + i, _options, layers));
        }
    }

    /// <summary>The level of one of the nine stages, 0 being the image's size, 4 the bottleneck.</summary>
    internal static int Level(int stage) => stage <= 4 ? stage : 8 - stage;

    /// <summary>Its width is the first level's times 2 to this power: decoder levels work on concatenations.</summary>
    internal static int Wideness(int stage) => stage <= 4 ? stage : 9 - stage;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 4 || x.Shape[1] != _options.InputChannels || x.Shape[2] < 1 || x.Shape[3] < 1)
            throw new TensorShapeException("Uformer", $"{x.Shape}", $"[n, {_options.InputChannels}, h, w] with h and w of at least 1");
        (int h, int w, int multiple) = (x.Shape[2], x.Shape[3], _options.SizeMultiple);
        int side = (Math.Max(h, w) + multiple - 1) / multiple * multiple;
        if (h == side && w == side)
            return Restore(x, null);

        (int top, int left) = ((side - h) / 2, (side - w) / 2);
        Tensor square = Expand(x, 0);
        Tensor outside = Expand(Tensor.Zeros([1, 1, h, w], x.Backend), 1);
        return Restore(square, outside).Narrow(2, top, h).Narrow(3, left, w);

        Tensor Expand(Tensor image, float value) =>
            image.Pad2d(TensorPadMode.Constant, left, side - w - left, top, side - h - top, value);
    }

    private Tensor Restore(Tensor x, Tensor? outside)
    {
        var skips = new Tensor[4];
        Tensor y = _first.Call(x).LeakyReluInPlace();
        for (int i = 0; i < 4; i++)
        {
            skips[i] = _encoders[i].Call(y, outside);
            y = _downs[i].Call(skips[i]);
        }

        y = _bottleneck.Call(y, outside);
        for (int i = 0; i < 4; i++)
            y = _decoders[i].Call(TensorOps.Concatenate(1, _ups[i].Call(y), skips[3 - i]), outside);
        y = _last.Call(y);
        return _options.InputChannels == 3 ? x + y : y;
    }
}
