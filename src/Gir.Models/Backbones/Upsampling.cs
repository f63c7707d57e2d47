using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones;

/// <summary>The field's sub-pixel upsampler (Shi et al. 2016): convolution and pixel shuffle, once per factor 2, or once for 3.</summary>
internal static class Upsampling
{
    /// <summary>Whether a scale is 3 or a power of 2 up to 64.</summary>
    public static bool Supports(int scale) => scale == 3 || (scale is >= 1 and <= 64 && int.IsPow2(scale));

    /// <summary>Convolutions stand at even places of the sequence, shuffles at odd ones, as in BasicSR and EDSR.</summary>
    public static Sequential Create(int features, int scale, LayerFactory layers)
    {
        var modules = new List<Module>();
        int[] factors = scale == 3 ? [3] : [.. Enumerable.Repeat(2, int.Log2(scale))];
        foreach (int factor in factors)
        {
            modules.Add(layers.Convolution(features, features * factor * factor));
            modules.Add(new Function(x => x.PixelShuffle(factor)));
        }

        return new Sequential([.. modules]);
    }
}
