using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.GirNet;

/// <summary>How far the network's change is to be trusted, from its deepest features: [n, f, h, w] to [n, 1, h, w] in (0, 1.22), 1 everywhere at the beginning.</summary>
internal sealed class Trust : Module
{
    // A new network means to change what it sees, and sigmoid(1.5) = 0.82 is where the gradient is alive.
    private const float Start = 1.5f;
    private const float AtStart = 0.81757448f;

    // Adam moves every weight alike. With features of any size, and steps that are not slowed down, a few of them drive the sigmoid to where it has no gradient, and
    // nothing is ever changed again.
    private const float Pace = 0.1f;

    private readonly Conv2d _first;
    private readonly Conv2d _second;

    public Trust(int features, int hidden, LayerFactory layers)
    {
        _first = Child("0", layers.Convolution(features, hidden, 1));
        _second = Child("1", layers.Zero(hidden, 1));
    }

    protected override Tensor Forward(Tensor x) =>
        ((_second.Call(_first.Call(x.LayerNorm2d()).ReluInPlace()) * Pace) + Start).Sigmoid() * (1 / AtStart);
}
