using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Features;

/// <summary>A chain of convolutions and rectifiers, pooled between, whose layers are handed out.</summary>
internal sealed class PerceptualChain : Module
{
    private readonly PerceptualLayout _layout;
    private readonly Conv2d[] _convolutions;
    private readonly Tensor?[] _filters;

    /// <param name="layout">The chain.</param>
    /// <param name="features">Outputs of each convolution.</param>
    /// <param name="isSmooth">Pools by the root of the blurred square (DISTS; Henaff, Simoncelli 2016) instead of the maximum.</param>
    public PerceptualChain(PerceptualLayout layout, IReadOnlyList<int> features, bool isSmooth)
    {
        _layout = layout;
        _convolutions = new Conv2d[layout.Steps.Count];
        _filters = new Tensor?[layout.Steps.Count];
        int inputs = 3;
        for (int i = 0; i < _convolutions.Length; i++)
        {
            PerceptualStep step = layout.Steps[i];
            _convolutions[i] = Child($"features.{step.Index}", new Conv2d(inputs, features[i], step.Kernel, step.Stride, step.Padding));
            if (isSmooth && step.PoolsBefore)
                _filters[i] = Filter(inputs);
            inputs = features[i];
        }
    }

    /// <summary>The layers of images [n, 3, h, w].</summary>
    public IReadOnlyList<Tensor> Layers(Tensor x)
    {
        var layers = new List<Tensor>();
        for (int i = 0; i < _convolutions.Length; i++)
        {
            if (_layout.Steps[i].PoolsBefore)
                x = Pool(x, _filters[i]);
            x = _convolutions[i].Call(x).Relu();
            if (_layout.Steps[i].IsLayer)
                layers.Add(x);
        }

        return layers;
    }

    protected override Tensor Forward(Tensor x) => Layers(x)[^1];

    private Tensor Pool(Tensor x, Tensor? filter) => filter is null
        ? x.MaxPool2d(_layout.PoolKernel, 2)
        : ((x * x).Conv2d(filter, null, 2, 1, groups: x.Shape[1]) + 1e-12f).Sqrt();

    // The 3 x 3 inside of a Hann window of five.
    private static Tensor Filter(int channels)
    {
        float[] taps = [0.0625f, 0.125f, 0.0625f, 0.125f, 0.25f, 0.125f, 0.0625f, 0.125f, 0.0625f];
        using TensorScope persistent = TensorScope.Suspend();
        return Tensor.From([.. Enumerable.Range(0, channels).SelectMany(_ => taps)], [channels, 1, 3, 3]);
    }
}
