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

    public TransposedAttention(int width, int heads, bool bias, TransformerLayers layers)
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
        Tensor[] qkv = _depthwise.Call(_qkv.Call(x)).Chunk(3, 1);
        Tensor q = Heads(qkv[0]).NormalizeL2(-1);
        Tensor k = Heads(qkv[1]).NormalizeL2(-1);
        Tensor weights = (q.MatMulTransposed(k) * _temperature).Softmax(-1);
        return _projection.Call(weights.MatMul(Heads(qkv[2])).Reshape(n, c, h, w));
    }

    private Tensor Heads(Tensor planes) =>
        planes.Reshape(planes.Shape[0], _heads, planes.Shape[1] / _heads, planes.Shape[2] * planes.Shape[3]);
}
