using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Uformer;

/// <summary>LeFF (Uformer, figure 3c): a depthwise convolution between the two linear layers; tokens [n, h, w, width].</summary>
internal sealed class LocallyEnhancedFeedForward : Module
{
    private readonly Func<Tensor, Tensor>[] _steps;

    public LocallyEnhancedFeedForward(int width, double ratio, LayerFactory layers)
    {
        int hidden = (int)(width * ratio);
        Linear first = Child("linear1.0", layers.TruncatedLinear(width, hidden));
        Conv2d depthwise = Child("dwconv.0", layers.Convolution(hidden, hidden, groups: hidden));
        Linear second = Child("linear2.0", layers.TruncatedLinear(hidden, width));
        // The hidden maps are a network's largest: no more than two at a time.
        _steps = [x => first.Call(x).GeluInPlace(), x => x.ToPlanes(), x => depthwise.Call(x).GeluInPlace(), x => x.ToTokens(), second.Call];
    }

    internal override bool MakesTokens => true;

    protected override Tensor Forward(Tensor x) => Scopes.Chain(x, _steps, (step, t) => step(t));
}
