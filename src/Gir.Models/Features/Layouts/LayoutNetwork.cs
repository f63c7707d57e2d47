using Gir.Models.Backbones;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Features.Layouts;

/// <summary>Four 3 x 3 convolutions of stride 2, rectified, their mean over places, and a linear layer: which layout a scene has.</summary>
internal sealed class LayoutNetwork : Module
{
    private static readonly int[] s_channels = [32, 64, 96, 128];

    private readonly Conv2d[] _convolutions;
    private readonly Linear _classes;

    /// <param name="classes">Outputs.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    public LayoutNetwork(int classes, ulong seed)
    {
        var layers = new LayerFactory(seed);
        _convolutions = new Conv2d[s_channels.Length];
        for (int i = 0; i < _convolutions.Length; i++)
            _convolutions[i] = Child($"conv{i + 1}", layers.FanOut(i == 0 ? 3 : s_channels[i - 1], s_channels[i], stride: 2));
        _classes = Child("classes", layers.Linear(s_channels[^1], classes));
    }

    /// <summary>The smallest side of an image: 2 x 2 places are left of it.</summary>
    public static int MinimumSize => 2 << s_channels.Length;

    /// <summary>How many layers there are.</summary>
    public static int LayerCount => s_channels.Length;

    /// <summary>Maps of images [n, 3, h, w], after each convolution.</summary>
    public IReadOnlyList<Tensor> Layers(Tensor x)
    {
        var layers = new List<Tensor>();
        foreach (Conv2d convolution in _convolutions)
            layers.Add(x = convolution.Call(x).Relu());
        return layers;
    }

    /// <summary>Logits [n, classes] of the last map.</summary>
    public Tensor Classify(Tensor map) => _classes.Call(map.Mean([2, 3], keepDimensions: false));

    protected override Tensor Forward(Tensor x) => Classify(Layers(x)[^1]);
}
