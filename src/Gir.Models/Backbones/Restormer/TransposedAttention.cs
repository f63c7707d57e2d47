using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Restormer;

/// <summary>MDTA (Restormer, equation 1): attention between channels, whose cost grows linearly with the image.</summary>
internal sealed class TransposedAttention : Module
{
    private readonly Tensor _temperature;
    private readonly Conv2d _qkv;
    private readonly Conv2d _depthwise;
    private readonly Conv2d _projection;
    private readonly int _heads;

    public TransposedAttention(int width, int heads, bool bias, LayerFactory layers)
    {
        _heads = heads;
        _temperature = Parameter("temperature", [heads, 1, 1], Initializer.Constant(1));
        _qkv = Child("qkv", layers.Convolution(width, 3 * width, 1, bias: bias));
        _depthwise = Child("qkv_dwconv", layers.Convolution(3 * width, 3 * width, groups: 3 * width, bias: bias));
        _projection = Child("project_out", layers.Convolution(width, width, 1, bias: bias));
    }

    protected override Tensor Forward(Tensor x)
    {
        (int n, int c, int h, int w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        Tensor attended = Scopes.Run(() =>
        {
            Tensor qkv = Scopes.Run(() => _depthwise.Call(_qkv.Call(x)));
            Tensor weights = Scopes.Run(() =>
            {
                Tensor q = Scopes.Run(() => Heads(qkv.Narrow(1, 0, c)).NormalizeL2(-1));
                Tensor k = Scopes.Run(() => Heads(qkv.Narrow(1, c, c)).NormalizeL2(-1));
                return (q.MatMulTransposed(k) * _temperature).Softmax(-1);
            });
            return weights.MatMul(Heads(qkv.Narrow(1, 2 * c, c)));
        });
        return _projection.Call(attended.Reshape(n, c, h, w));
    }

    private Tensor Heads(Tensor planes) =>
        planes.Reshape(planes.Shape[0], _heads, planes.Shape[1] / _heads, planes.Shape[2] * planes.Shape[3]);
}
