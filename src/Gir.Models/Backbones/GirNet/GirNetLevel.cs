using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.GirNet;

/// <summary>Residual blocks at one size, the first of them modulated: x + conv(relu((1 + s) conv(x) + b)), s and b from the picture's code.</summary>
internal sealed class GirNetLevel : Module
{
    private readonly Linear _modulation;
    private readonly Conv2d[] _first;
    private readonly Conv2d[] _second;
    private readonly int _features;

    public GirNetLevel(int features, int blocks, int code, LayerFactory layers)
    {
        _features = features;
        _modulation = Child("modulation", layers.ZeroLinear(code, 2 * features));
        _first = new Conv2d[blocks];
        _second = new Conv2d[blocks];
        for (int i = 0; i < blocks; i++)
        {
            _first[i] = Child($"{i}.conv1", layers.Convolution(features, features));
            _second[i] = Child($"{i}.conv2", layers.Residual(features, features));
        }
    }

    public Tensor Call(Tensor x, Tensor code) => ModuleListener.Tell(this, Scopes.Run(() => Run(x, code)));

    protected override Tensor Forward(Tensor x) => throw new NotSupportedException("A level needs the picture's code.");

    private Tensor Run(Tensor x, Tensor code)
    {
        for (int i = 0; i < _first.Length; i++)
        {
            Tensor y = _first[i].Call(x);
            if (i == 0)
                y = Modulate(y, code);
            x = _second[i].Call(y.ReluInPlace()).AddInPlace(x);
        }

        return x;
    }

    private Tensor Modulate(Tensor y, Tensor code)
    {
        Tensor both = _modulation.Call(code).Reshape(code.Shape[0], 2 * _features, 1, 1);
        return (y * (both.Narrow(1, 0, _features) + 1)) + both.Narrow(1, _features, _features);
    }
}
