using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Swin;

/// <summary>Two linear layers with a GELU between.</summary>
internal sealed class Mlp : Module
{
    private readonly Linear _first;
    private readonly Linear _second;

    public Mlp(int width, double ratio, LayerFactory layers)
    {
        int hidden = (int)(width * ratio);
        _first = Child("fc1", layers.TruncatedLinear(width, hidden));
        _second = Child("fc2", layers.TruncatedLinear(hidden, width));
    }

    internal override bool MakesTokens => true;

    protected override Tensor Forward(Tensor x) => _second.Call(_first.Call(x).GeluInPlace());
}
