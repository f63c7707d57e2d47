using Gir.Models.Backbones;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.UgpNet;

/// <summary>Three times convolution, batch normalization where asked for, leaky ReLU of 0.2; then, where it halves the size, means of 2 x 2 pixels: conv.0 .. 2, bn.0 .. 2.</summary>
internal sealed class ConvolutionTriple : Module
{
    private const float Slope = 0.2f;

    private readonly Conv2d[] _convolutions = new Conv2d[3];
    private readonly BatchNorm2d[]? _normalizations;
    private readonly bool _halves;

    public ConvolutionTriple(int inputs, int outputs, bool normalized, bool halves, LayerFactory layers)
    {
        _halves = halves;
        for (int i = 0; i < _convolutions.Length; i++)
            _convolutions[i] = Child($"conv.{i}", layers.FanOut(i == 0 ? inputs : outputs, outputs));
        _normalizations = normalized ? [.. Enumerable.Range(0, 3).Select(i => Child($"bn.{i}", new BatchNorm2d(outputs)))] : null;
    }

    protected override Tensor Forward(Tensor x)
    {
        for (int i = 0; i < _convolutions.Length; i++)
        {
            Tensor y = _convolutions[i].Call(x);
            x = (_normalizations is null ? y : _normalizations[i].Call(y)).LeakyReluInPlace(Slope);
        }

        return _halves ? x.AveragePool2d(2) : x;
    }
}
