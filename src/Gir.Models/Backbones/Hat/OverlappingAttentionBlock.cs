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
    private readonly int _heads;
    private readonly int _window;
    private readonly int _keyWindow;
    private readonly float _scale;

    public OverlappingAttentionBlock(HatOptions options, int heads, LayerFactory layers)
    {
        (_heads, _window, _keyWindow) = (heads, options.WindowSize, options.KeyWindow);
        int width = options.Width;
        _scale = (float)(options.QkScale ?? 1 / Math.Sqrt(width / heads));
        int side = _window + _keyWindow - 1;
        // Negative rows, as published, count from the table's end.
        _index = Array.ConvertAll(Windows.OverlappingRelativePositionIndex(_window, options.OverlapRatio), row => row < 0 ? row + (side * side) : row);
        _table = Parameter("relative_position_bias_table", [side * side, heads], layers.Table());
        _norm1 = Child("norm1", new LayerNorm(width));
        _qkv = Child("qkv", layers.TruncatedLinear(width, 3 * width, options.QkvBias));
        _projection = Child("proj", layers.TruncatedLinear(width, width));
        _norm2 = Child("norm2", new LayerNorm(width));
        _mlp = Child("mlp", new Mlp(width, options.MlpRatio, layers));
    }

    internal override bool MakesTokens => true;

    protected override Tensor Forward(Tensor x)
    {
        Tensor attended = Scopes.Run(() =>
        {
            Tensor qkv = _qkv.Call(_norm1.Call(x));
            Tensor bias = ShiftedWindows.PositionBias(_table, _index, _window * _window);
            return _projection.Call(qkv.WindowAttention(qkv, new AttentionWindows(_heads, _window, _keyWindow, 0, _scale), bias)).AddInPlace(x);
        });
        return _mlp.Call(_norm2.Call(attended)).AddInPlace(attended);
    }
}
