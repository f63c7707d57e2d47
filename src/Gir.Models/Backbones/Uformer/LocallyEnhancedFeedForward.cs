using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Uformer;

/// <summary>LeFF (Uformer, figure 3c): a depthwise convolution between the two linear layers; tokens [n, h, w, width].</summary>
internal sealed class LocallyEnhancedFeedForward : Module
{
    private readonly Linear _first;
    private readonly Conv2d _depthwise;
    private readonly Linear _second;

    public LocallyEnhancedFeedForward(int width, double ratio, TransformerLayers layers)
    {
        int hidden = (int)(width * ratio);
        _first = Child("linear1.0", layers.Linear(width, hidden));
        _depthwise = Child("dwconv.0", layers.Convolution(hidden, hidden, groups: hidden));
        _second = Child("linear2.0", layers.Linear(hidden, width));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor hidden = Scopes.Run(() => _first.Call(x).GeluInPlace().ToPlanes());
        return _second.Call(Scopes.Run(() => _depthwise.Call(hidden).GeluInPlace().ToTokens()));
    }
}
