using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Uformer;

/// <summary>LeWin transformer block (Uformer, equations 1 and 2) on tokens [n, h, w, width].</summary>
internal sealed class LeWinBlock : MaskedModule
{
    private readonly Tensor? _modulator;
    private readonly LayerNorm _norm1;
    private readonly UformerAttention _attention;
    private readonly LayerNorm _norm2;
    private readonly LocallyEnhancedFeedForward _feedForward;
    private readonly int _window;

    public LeWinBlock(int width, int window, int shift, int heads, bool modulates, UformerOptions options, TransformerLayers layers)
    {
        (_window, Shift) = (window, shift);
        _modulator = modulates ? Parameter("modulator.weight", [window * window, width], layers.Table()) : null;
        _norm1 = Child("norm1", new LayerNorm(width));
        _attention = Child("attn", new UformerAttention(width, window, heads, options.QkvBias, layers));
        _norm2 = Child("norm2", new LayerNorm(width));
        _feedForward = Child("mlp", new LocallyEnhancedFeedForward(width, options.MlpRatio, layers));
    }

    public int Shift { get; }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor windows = ShiftedWindows.Partition(_norm1.Call(x), _window, Shift);
        if (_modulator is not null)
            windows += _modulator;
        windows = _attention.Call(windows, mask);
        x += ShiftedWindows.Reverse(windows, _window, Shift, x.Shape[1], x.Shape[2]);
        return x + _feedForward.Call(_norm2.Call(x));
    }
}
