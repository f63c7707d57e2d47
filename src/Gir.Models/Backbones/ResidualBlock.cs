using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones;

/// <summary>x + scale conv(relu(conv(x))): EDSR's residual block without batch normalization (Lim et al. 2017, figure 2c).</summary>
internal sealed class ResidualBlock : Module
{
    private readonly Conv2d _first;
    private readonly Conv2d _second;
    private readonly float _scale;

    public ResidualBlock(int features, float scale, LayerFactory layers)
    {
        _first = Child("conv1", layers.Residual(features, features));
        _second = Child("conv2", layers.Residual(features, features));
        _scale = scale;
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor residual = _second.Call(_first.Call(x).ReluInPlace());
        return (_scale == 1 ? residual : residual.ScaleInPlace(_scale)).AddInPlace(x);
    }
}
