using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Swin;

/// <summary>The entry of a window transformer's body: planes to tokens, an optional norm, optional learned absolute positions.</summary>
internal static class PatchEmbedding
{
    /// <summary>[n, c, h, w] to [n, h, w, c].</summary>
    /// <exception cref="TensorShapeException">There are learned positions, but not for this size.</exception>
    public static Tensor Embed(Tensor planes, LayerNorm? norm, Tensor? positions)
    {
        Tensor x = planes.ToTokens();
        if (norm is not null)
            x = norm.Call(x);
        if (positions is null)
            return x;
        (int h, int w) = (x.Shape[1], x.Shape[2]);
        int side = (int)Math.Sqrt(positions.Shape[1]);
        if (h != side || w != side)
            throw new TensorShapeException("absolute_pos_embed", $"{h} x {w} (padded to whole windows)", $"{side} x {side}, the size the positions were learned for");
        return x + positions.Reshape(1, h, w, x.Shape[3]);
    }
}
