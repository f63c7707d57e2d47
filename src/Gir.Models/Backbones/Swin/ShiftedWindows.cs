using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Swin;

/// <summary>Moves between images [n, h, w, c] and windows of tokens [n windows, size^2, c] (Liu et al., "Swin Transformer", 2021).</summary>
internal static class ShiftedWindows
{
    public static Tensor ToTokens(this Tensor planes) => planes.Permute(0, 2, 3, 1);

    public static Tensor ToPlanes(this Tensor tokens) => tokens.Permute(0, 3, 1, 2);

    /// <summary>Windows of the image after it was rolled up and left by the shift.</summary>
    public static Tensor Partition(Tensor x, int window, int shift)
    {
        Tensor rolled = shift > 0 ? x.Roll([-shift, -shift], [1, 2]) : x;
        return rolled.WindowPartition(window).Reshape(-1, window * window, x.Shape[3]);
    }

    /// <summary>The learned bias of each pair of positions, [heads, queries, keys], from a table [rows, heads].</summary>
    public static Tensor PositionBias(Tensor table, int[] index, int queries) =>
        table.GatherRows(index).Permute(1, 0).Reshape(table.Shape[1], queries, index.Length / queries);
}
