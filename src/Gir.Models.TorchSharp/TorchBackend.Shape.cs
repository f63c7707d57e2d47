using Gir.Models.Tensors;
using TorchSharp;

namespace Gir.Models.TorchSharp;

public sealed partial class TorchBackend
{
    private readonly DeviceIndices _indices;

    /// <inheritdoc/>
    public override void Permute(Tensor x, ReadOnlySpan<int> order, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var dimensions = new long[order.Length];
        for (int i = 0; i < dimensions.Length; i++)
            dimensions[i] = order[i];
        Put(y, Own(Of(x).permute(dimensions)));
    }

    /// <inheritdoc/>
    public override void Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, Own(Part(Of(x), starts, steps, y.Shape)));
    }

    /// <inheritdoc/>
    public override void PutSlice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Part(Changed(y), starts, steps, x.Shape).copy_(Of(x));
    }

    private static torch.Tensor Part(torch.Tensor whole, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, TensorShape shape)
    {
        for (int d = 0; d < shape.Rank; d++)
        {
            (long start, long count, long step) = (starts[d], shape[d], steps[d]);
            if (start != 0 || step != 1 || count != whole.shape[d])
                whole = count == 0 ? whole.narrow(d, 0, 0) : whole.slice(d, start, start + ((count - 1) * step) + 1, step);
        }

        return whole;
    }

    /// <inheritdoc/>
    public override void Gather(Tensor x, int[] rows, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, Flat(x).view(Rows(x), Width(x)).index_select(0, _indices.Of(rows)));
    }

    /// <inheritdoc/>
    public override void ScatterAdd(Tensor dy, int[] rows, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor sums = Changed(dx).view(Rows(dx), Width(dx));
        sums.index_add_(0, _indices.Of(rows), Flat(dy).view(rows.Length, Width(dx)), Numbers.Number(1));
    }

    private static int Rows(Tensor table) => table.Shape[0];

    private static int Width(Tensor table) => table.Length / Math.Max(table.Shape[0], 1);
}
