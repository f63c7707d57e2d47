using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Swin;

/// <summary>Convolution and pixel shuffle (Shi et al. 2016), once per factor 2 or once for 3; convolutions are named "0", "2", ..</summary>
internal static class ShuffleUpsampler
{
    public static bool Supports(int scale) => scale == 3 || (scale is >= 1 and <= 64 && int.IsPow2(scale));

    public static Sequential Create(int features, int scale, TransformerLayers layers)
    {
        int[] factors = scale == 3 ? [3] : [.. Enumerable.Repeat(2, int.Log2(scale))];
        var modules = new List<Module>();
        foreach (int factor in factors)
        {
            modules.Add(layers.Convolution(features, features * factor * factor));
            modules.Add(new Function(x => x.PixelShuffle(factor)));
        }

        return new Sequential([.. modules]);
    }
}
