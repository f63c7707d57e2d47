using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Restormer;

/// <summary>GDFN (Restormer, equation 2): two depthwise paths, one of which gates the other.</summary>
internal sealed class GatedFeedForward : Module
{
    private readonly Conv2d _in;
    private readonly Conv2d _depthwise;
    private readonly Conv2d _out;

    public GatedFeedForward(int width, double expansion, bool bias, LayerFactory layers)
    {
        int hidden = (int)(width * expansion);
        _in = Child("project_in", layers.Convolution(width, 2 * hidden, 1, bias: bias));
        _depthwise = Child("dwconv", layers.Convolution(2 * hidden, 2 * hidden, groups: 2 * hidden, bias: bias));
        _out = Child("project_out", layers.Convolution(hidden, width, 1, bias: bias));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor gated = Scopes.Run(() =>
        {
            Tensor[] paths = Scopes.Run(() => _depthwise.Call(_in.Call(x))).Chunk(2, 1);
            return paths[0].GeluInPlace() * paths[1];
        });
        return _out.Call(gated);
    }
}
