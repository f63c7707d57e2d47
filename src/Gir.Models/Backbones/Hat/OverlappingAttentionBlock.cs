using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Hat;

/// <summary>OCAB (HAT, section 3.3): queries of a window attend to keys of a larger window around it; tokens [n, h, w, width].</summary>
internal sealed class OverlappingAttentionBlock : Module
{
    private readonly Tensor _table;
    private readonly LayerNorm _norm1;
    private readonly Linear _qkv;
    private readonly Linear _projection;
    private readonly LayerNorm _norm2;
    private readonly Mlp _mlp;
    private readonly int[] _index;
    private readonly int _width;
    private readonly int _heads;
    private readonly int _window;
    private readonly int _keyWindow;
    private readonly float _scale;

    public OverlappingAttentionBlock(HatOptions options, int heads, TransformerLayers layers)
    {
        (_width, _heads, _window, _keyWindow) = (options.Width, heads, options.WindowSize, options.KeyWindow);
        _scale = (float)(options.QkScale ?? 1 / Math.Sqrt(_width / heads));
        _index = Windows.OverlappingRelativePositionIndex(_window, options.OverlapRatio);
        int side = _window + _keyWindow - 1;
        _table = Parameter("relative_position_bias_table", [side * side, heads], layers.Table());
        _norm1 = Child("norm1", new LayerNorm(_width));
        _qkv = Child("qkv", layers.Linear(_width, 3 * _width, options.QkvBias));
        _projection = Child("proj", layers.Linear(_width, _width));
        _norm2 = Child("norm2", new LayerNorm(_width));
        _mlp = Child("mlp", new Mlp(_width, options.MlpRatio, layers));
    }

    protected override Tensor Forward(Tensor x)
    {
        (int h, int w) = (x.Shape[1], x.Shape[2]);
        Tensor normed = _norm1.Call(x);
        Tensor q = ShiftedWindows.Partition(_qkv.LinearPart(normed, 0, _width), _window, 0).ToHeads(_heads);
        Tensor k = Overlapping(_qkv.LinearPart(normed, _width, _width));
        Tensor v = Overlapping(_qkv.LinearPart(normed, 2 * _width, _width));
        Tensor bias = ShiftedWindows.PositionBias(_table, _index, _window * _window);
        Tensor windows = TensorOps.Attention(q, k, v, _scale, bias).FromHeads();
        x += _projection.Call(ShiftedWindows.Reverse(windows, _window, 0, h, w));
        return x + _mlp.Call(_norm2.Call(x));
    }

    // Larger windows in steps of the queries' windows, zeros around the image, as heads [windows, heads, keys, d].
    private Tensor Overlapping(Tensor tokens)
    {
        (int n, int h, int w) = (tokens.Shape[0], tokens.Shape[1], tokens.Shape[2]);
        int count = h / _window * (w / _window);
        int area = _keyWindow * _keyWindow;
        Tensor blocks = tokens.ToPlanes().Unfold(_keyWindow, _window, (_keyWindow - _window) / 2);
        return blocks.Reshape(n, _heads, _width / _heads, area, count).Permute(0, 4, 1, 3, 2).Reshape(n * count, _heads, area, _width / _heads);
    }
}
