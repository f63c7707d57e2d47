using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.FfdNet;

/// <summary>
/// Denoising at half resolution with a given noise level (Zhang, Zuo, Zhang: "FFDNet: Toward a Fast and Flexible Solution for CNN-Based Image
/// Denoising", TIP 2018, figure 1): 485,316 parameters (gray), 852,108 (color). Odd sizes are filled by repeating the edge.
/// </summary>
internal sealed class FfdNet : Module
{
    private readonly Sequential _model;
    private readonly int _channels;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public FfdNet(FfdNetOptions? options = null)
    {
        options ??= new();
        options.Validate();
        _channels = options.Channels;
        var layers = new LayerFactory(options.Seed);
        List<Module> modules = [layers.Convolution((4 * _channels) + 1, options.Features)];
        for (int i = 1; i < options.Layers; i++)
        {
            modules.Add(new Function(x => x.ReluInPlace()));
            modules.Add(layers.Convolution(options.Features, i == options.Layers - 1 ? 4 * _channels : options.Features));
        }

        _model = Child("model", new Sequential([.. modules]));
    }

    /// <summary>Denoises with one noise level per image.</summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="sigma">The noise's standard deviation in the unit of x, [n, 1, 1, 1].</param>
    /// <returns>[n, c, h, w].</returns>
    /// <exception cref="TensorShapeException">A shape differs.</exception>
    public Tensor Call(Tensor x, Tensor sigma) => Scopes.Run(() =>
    {
        if (x.Rank != 4 || x.Shape[1] != _channels || sigma.Rank != 4 || sigma.Length != x.Shape[0])
            throw new TensorShapeException("ffdnet", $"input {x.Shape}, sigma {sigma.Shape}", $"[n, {_channels}, h, w] and [n, 1, 1, 1]");
        return Denoise(x, (half) => sigma.Expand([x.Shape[0], 1, half.Shape[2], half.Shape[3]]));
    });

    /// <summary>Denoises [n, c + 1, h, w], whose last channel is a map of noise levels; the network sees every second of its values.</summary>
    protected override Tensor Forward(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[1] != _channels + 1)
            throw new TensorShapeException("ffdnet", $"{x.Shape}", $"[n, {_channels + 1}, h, w]: the image and a map of noise levels");
        Tensor image = x.Narrow(1, 0, _channels);
        Tensor map = x.Slice(
            [0, _channels, 0, 0], [x.Shape[0], 1, (x.Shape[2] + 1) / 2, (x.Shape[3] + 1) / 2], [1, 1, 2, 2]);
        return Denoise(image, _ => map);
    }

    private Tensor Denoise(Tensor x, Func<Tensor, Tensor> map)
    {
        (int height, int width) = (x.Shape[2], x.Shape[3]);
        if (height % 2 + width % 2 > 0)
            x = x.Pad2d(TensorPadMode.Replicate, 0, width % 2, 0, height % 2);
        Tensor half = x.PixelUnshuffle(2);
        Tensor y = _model.Call(TensorOps.Concatenate(1, half, map(half))).PixelShuffle(2);
        return y.Narrow(2, 0, height).Narrow(3, 0, width);
    }
}
