namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>
    /// Restormer's bias-free normalisation over the channels of [n, c, h, w] at each pixel: w x / sqrt(variance + epsilon). The mean enters
    /// the variance but is not subtracted.
    /// </summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="weight">[c].</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    public static Tensor BiasFreeLayerNorm2d(this Tensor x, Tensor weight, float epsilon = 1e-5f)
    {
        Check4d("bias_free_layer_norm2d", x);
        return Normalize("bias_free_layer_norm2d", x, weight, null, Extent(x.Shape, 1, 1), epsilon, subtractMean: false);
    }
}
