using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.SwinIr;

/// <summary>
/// SwinIR (Liang, Cao, Sun, Zhang, Van Gool, Timofte: "SwinIR: Image Restoration Using Swin Transformer", ICCVW 2021, figure 2):
/// 11,504,163 parameters (color denoising), 11,900,199 (classical, scale 4).
/// </summary>
/// <remarks>Any input size: the network reflects the image at the right and bottom up to whole windows, and crops its output.</remarks>
internal sealed class SwinIr : Module
{
    private readonly SwinIrOptions _options;
    private readonly Tensor? _positions;
    private readonly Conv2d _first;
    private readonly LayerNorm? _patchNorm;
    private readonly SwinGroup[] _groups;
    private readonly LayerNorm _norm;
    private readonly Module _afterBody;
    private readonly Module _head;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict one another.</exception>
    public SwinIr(SwinIrOptions? options = null)
    {
        _options = options ?? new();
        _options.Validate();
        int width = _options.Width;
        var layers = new LayerFactory(_options.Seed);
        if (_options.AbsolutePositions is { } side)
            _positions = Parameter("absolute_pos_embed", [1, side * side, width], layers.Table());
        _first = Child("conv_first", layers.Convolution(_options.Channels, width));
        _patchNorm = _options.PatchNorm ? Child("patch_embed.norm", new LayerNorm(width)) : null;
        _groups = new SwinGroup[_options.Depths.Count];
        for (int i = 0; i < _groups.Length; i++)
            _groups[i] = Child($"layers.{i}", new SwinGroup(_options, _options.Depths[i], _options.Heads[i], layers));
        _norm = Child("norm", new LayerNorm(width));
        _afterBody = Child("conv_after_body", SwinGroup.EndConvolution(_options, layers));
        _head = CreateHead(layers);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 4 || x.Shape[1] != _options.Channels)
            throw new TensorShapeException("SwinIR", $"{x.Shape}", $"[n, {_options.Channels}, h, w]");
        (int h, int w, int window) = (x.Shape[2], x.Shape[3], _options.WindowSize);
        x = x.Pad2d(TensorPadMode.Reflect, 0, (window - (w % window)) % window, 0, (window - (h % window)) % window);
        x = ColorMean.Subtract(x) * _options.ImageRange;
        Tensor shallow = _first.Call(x);
        Tensor deep = _afterBody.Call(Scopes.Run(() => Body(shallow))).AddInPlace(shallow);
        Tensor y = _head.Call(deep);
        if (_options.Upsampler == SwinIrUpsampler.None)
            y += x;
        y = ColorMean.Add(y / _options.ImageRange);
        return y.Narrow(2, 0, h * _options.Scale).Narrow(3, 0, w * _options.Scale);
    }

    private Tensor Body(Tensor planes)
    {
        // One mask serves all shifted blocks.
        Tensor mask = Windows.ShiftMask(planes.Shape[2], planes.Shape[3], _options.WindowSize, _options.WindowSize / 2, planes.Backend);
        Tensor x = PatchEmbedding.Embed(planes, _patchNorm, _positions);
        return _norm.Call(Scopes.Chain(x, _groups, (group, t) => group.Call(t, mask))).ToPlanes();
    }

    private Module CreateHead(LayerFactory layers)
    {
        (int width, int features, int channels) = (_options.Width, _options.UpsamplerFeatures, _options.Channels);
        switch (_options.Upsampler)
        {
            case SwinIrUpsampler.PixelShuffle:
                Conv2d before = Child("conv_before_upsample.0", layers.Convolution(width, features));
                Sequential upsample = Child("upsample", Upsampling.Create(features, _options.Scale, layers));
                Conv2d last = Child("conv_last", layers.Convolution(features, channels));
                return new Function(x => last.Call(upsample.Call(before.Call(x).LeakyReluInPlace())));
            case SwinIrUpsampler.PixelShuffleDirect:
                Conv2d direct = Child("upsample.0", layers.Convolution(width, channels * _options.Scale * _options.Scale));
                return new Function(x => direct.Call(x).PixelShuffle(_options.Scale));
            case SwinIrUpsampler.NearestConvolution:
                return CreateNearestHead(layers);
            default:
                return Child("conv_last", layers.Convolution(width, channels));
        }
    }

    private Function CreateNearestHead(LayerFactory layers)
    {
        (int features, int channels) = (_options.UpsamplerFeatures, _options.Channels);
        Conv2d before = Child("conv_before_upsample.0", layers.Convolution(_options.Width, features));
        var ups = new Conv2d[int.Log2(_options.Scale)];
        for (int i = 0; i < ups.Length; i++)
            ups[i] = Child($"conv_up{i + 1}", layers.Convolution(features, features));
        Conv2d high = Child("conv_hr", layers.Convolution(features, features));
        Conv2d last = Child("conv_last", layers.Convolution(features, channels));
        return new Function(x =>
        {
            x = before.Call(x).LeakyReluInPlace();
            foreach (Conv2d up in ups)
                x = up.Call(x.Interpolate(2, InterpolationMode.Nearest)).LeakyReluInPlace(0.2f);
            return last.Call(high.Call(x).LeakyReluInPlace(0.2f));
        });
    }
}
