using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Srcnn;

/// <summary>
/// Three convolutions (Dong, Loy, He, Tang: "Image Super-Resolution Using Deep Convolutional Networks", TPAMI 2016, equations 1 to 3):
/// patch extraction, non-linear mapping, reconstruction. 69,251 parameters (9-5-5, RGB); 20,099 for 9-1-5.
/// </summary>
/// <remarks>In general restoration the acceptance line: the input has the size of the output, zeros around, no residual.</remarks>
internal sealed class Srcnn : Module
{
    private readonly Conv2d _extract;
    private readonly Conv2d _map;
    private readonly Conv2d _reconstruct;

    /// <summary>Creates the network with torch's default initialization.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Srcnn(SrcnnOptions? options = null)
    {
        options ??= new();
        options.Validate();
        var layers = new LayerFactory(options.Seed);
        _extract = Child("conv1", layers.Convolution(options.Channels, options.Features1, options.Kernel1));
        _map = Child("conv2", layers.Convolution(options.Features1, options.Features2, options.Kernel2));
        _reconstruct = Child("conv3", layers.Convolution(options.Features2, options.Channels, options.Kernel3));
        if (options.StartsAsIdentity && !Initializer.IsLoading)
        {
            PassOn(_extract, options.Channels);
            PassOn(_map, options.Channels);
            PassOn(_reconstruct, options.Channels);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => _reconstruct.Call(_map.Call(_extract.Call(x).ReluInPlace()).ReluInPlace());

    /// <summary>
    /// The first outputs become copies of the first inputs. Images are not negative, so the rectifiers between let them pass; what the last layer
    /// does not read yet learns as soon as that layer does.
    /// </summary>
    private static void PassOn(Conv2d layer, int channels)
    {
        TensorShape shape = layer.Weight.Shape;
        float[] weight = layer.Weight.ToArray();
        float[] bias = layer.Bias!.ToArray();
        int plane = shape[2] * shape[3];
        int length = shape[1] * plane;
        for (int c = 0; c < channels; c++)
        {
            weight.AsSpan(c * length, length).Clear();
            weight[(c * length) + (c * plane) + (plane / 2)] = 1;
            bias[c] = 0;
        }

        using TensorScope scope = TensorScope.Enter();
        layer.Weight.Backend.Copy(Tensor.From(weight, shape, layer.Weight.Backend), layer.Weight);
        layer.Bias.Backend.Copy(Tensor.From(bias, layer.Bias.Shape, layer.Bias.Backend), layer.Bias);
    }
}
