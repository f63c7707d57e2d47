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

    public LeWinBlock(int width, int window, int shift, int heads, bool modulates, UformerOptions options, LayerFactory layers)
    {
        (_window, Shift) = (window, shift);
        _modulator = modulates ? Parameter("modulator.weight", [window * window, width], layers.Table()) : null;
        _norm1 = Child("norm1", new LayerNorm(width));
        _attention = Child("attn", new UformerAttention(width, window, shift, heads, options.QkvBias, layers));
        _norm2 = Child("norm2", new LayerNorm(width));
        _feedForward = Child("mlp", new LocallyEnhancedFeedForward(width, options.MlpRatio, layers));
    }

    public int Shift { get; }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor attended = Scopes.Run(() =>
        {
            Tensor normed = _norm1.Call(x);
            return _attention.Call(_modulator is null ? normed : Modulate(normed, _modulator), mask).AddInPlace(x);
        });
        return _feedForward.Call(_norm2.Call(attended)).AddInPlace(attended);
    }

    // The modulator belongs to places in windows, and windows to the rolled image: rolled back, it repeats over the image as it lies.
    private Tensor Modulate(Tensor x, Tensor modulator)
    {
        (int n, int h, int w, int c) = (x.Shape[0], x.Shape[1] / _window, x.Shape[2] / _window, x.Shape[3]);
        Tensor places = modulator.Reshape(1, _window, 1, _window, c);
        if (Shift > 0)
            places = places.Roll([Shift, Shift], [1, 3]);
        return (x.Reshape(n * h, _window, w, _window, c) + places).Reshape(x.Shape);
    }
}
