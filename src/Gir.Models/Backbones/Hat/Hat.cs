using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Hat;

/// <summary>
/// Hybrid attention transformer (Chen, Wang, Zhou, Qiao, Dong: "Activating More Pixels in Image Super-Resolution Transformer",
/// CVPR 2023, figure 4): 20,772,507 parameters at scale 4, 20,477,083 at scale 1.
/// </summary>
/// <remarks>Height and width of the input are multiples of the window; the authors reflect images at the right and bottom up to that.</remarks>
internal sealed class Hat : Module
{
    private readonly HatOptions _options;
    private readonly Tensor? _positions;
    private readonly Conv2d _first;
    private readonly LayerNorm? _patchNorm;
    private readonly HybridAttentionGroup[] _groups;
    private readonly LayerNorm _norm;
    private readonly Conv2d _afterBody;
    private readonly Conv2d _beforeUpsample;
    private readonly Sequential _upsample;
    private readonly Conv2d _last;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict one another.</exception>
    public Hat(HatOptions? options = null)
    {
        _options = options ?? new();
        _options.Validate();
        (int width, int features) = (_options.Width, _options.UpsamplerFeatures);
        var layers = new LayerFactory(_options.Seed);
        Derived("relative_position_index_SA");
        Derived("relative_position_index_OCA");
        if (_options.AbsolutePositions is { } side)
            _positions = Parameter("absolute_pos_embed", [1, side * side, width], layers.Table());
        _first = Child("conv_first", layers.Convolution(_options.Channels, width));
        _patchNorm = _options.PatchNorm ? Child("patch_embed.norm", new LayerNorm(width)) : null;
        _groups = new HybridAttentionGroup[_options.Depths.Count];
        for (int i = 0; i < _groups.Length; i++)
            _groups[i] = Child($"layers.{i}", new HybridAttentionGroup(_options, _options.Depths[i], _options.Heads[i], layers));
        _norm = Child("norm", new LayerNorm(width));
        _afterBody = Child("conv_after_body", layers.Convolution(width, width));
        _beforeUpsample = Child("conv_before_upsample.0", layers.Convolution(width, features));
        _upsample = Child("upsample", Upsampling.Create(features, _options.Scale, layers));
        _last = Child("conv_last", layers.Convolution(features, _options.Channels));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        int window = _options.WindowSize;
        if (x.Rank != 4 || x.Shape[1] != _options.Channels || x.Shape[2] % window != 0 || x.Shape[3] % window != 0)
            throw new TensorShapeException("HAT", $"{x.Shape}", $"[n, {_options.Channels}, h, w] with h and w multiples of {window}");
        Tensor shallow = _first.Call(ColorMean.Subtract(x) * _options.ImageRange);
        Tensor mask = Windows.ShiftMask(x.Shape[2], x.Shape[3], window, window / 2, x.Backend);
        Tensor tokens = PatchEmbedding.Embed(shallow, _patchNorm, _positions);
        tokens = Scopes.Chain(tokens, _groups, (group, t) => group.Call(t, mask));
        Tensor deep = _afterBody.Call(_norm.Call(tokens).ToPlanes()) + shallow;
        Tensor y = _last.Call(_upsample.Call(_beforeUpsample.Call(deep).LeakyReluInPlace()));
        return ColorMean.Add(y / _options.ImageRange);
    }
}
