using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Restormer;

/// <summary>Layer normalization over channels at each pixel, with or without mean and bias.</summary>
internal sealed class RestormerNorm : Module
{
    private const float Epsilon = 1e-5f;
    private readonly Tensor _weight;
    private readonly Tensor? _bias;

    public RestormerNorm(int width, bool hasBias)
    {
        _weight = Parameter("body.weight", [width], Initializer.Constant(1));
        _bias = hasBias ? Parameter("body.bias", [width], Initializer.Constant(0)) : null;
    }

    protected override Tensor Forward(Tensor x) =>
        _bias is null ? x.BiasFreeLayerNorm2d(_weight, Epsilon) : x.LayerNorm2d(_weight, _bias, Epsilon);
}
