using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.GirNet;

/// <summary>A thumbnail of the whole picture as a code: convolutions that halve the size three times, then the mean of each plane. [n, 2 c, s, s] to [n, d].</summary>
internal sealed class PictureEncoder : Module
{
    private readonly Conv2d[] _layers;

    public PictureEncoder(int channels, int code, LayerFactory layers)
    {
        int quarter = Math.Max(1, code / 4);
        _layers =
        [
            Child("0", layers.Convolution(PictureThumbnail.Planes(channels), quarter)),
            Child("1", layers.Strided(quarter, 2 * quarter, 3, 2, 1)),
            Child("2", layers.Strided(2 * quarter, 3 * quarter, 3, 2, 1)),
            Child("3", layers.Strided(3 * quarter, code, 3, 2, 1)),
        ];
    }

    protected override Tensor Forward(Tensor x)
    {
        foreach (Conv2d layer in _layers)
            x = layer.Call(x).LeakyReluInPlace(0.1f);
        return x.GlobalAveragePool2d().Reshape(x.Shape[0], x.Shape[1]);
    }
}
