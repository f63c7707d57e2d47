using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>The same elements under another shape; one size may be -1 and is inferred. Shares memory.</summary>
    public static Tensor Reshape(this Tensor x, params ReadOnlySpan<int> sizes)
    {
        long known = 1;
        int unknown = -1;
        int[] full = sizes.ToArray();
        for (int i = 0; i < full.Length; i++)
        {
            if (full[i] == -1 && unknown < 0)
                unknown = i;
            else if (full[i] < 0)
                throw new TensorShapeException("reshape", $"{x.Shape} to [{string.Join(", ", full)}]", "sizes of at least 0, at most one being -1");
            else
                known = Math.Min(known * full[i], int.MaxValue);
        }

        if (unknown >= 0)
        {
            if (known == 0 || x.Length % known != 0)
                throw new TensorShapeException("reshape", $"{x.Shape} to [{string.Join(", ", full)}]", $"known sizes whose product divides {x.Length} elements");
            full[unknown] = (int)(x.Length / known);
        }
        else if (known != x.Length)
        {
            throw new TensorShapeException("reshape", $"{x.Shape} to [{string.Join(", ", full)}]", $"{x.Length} elements");
        }

        return x.Reshape(TensorShape.Create(full));
    }

    /// <summary>The same elements under another shape. Shares memory.</summary>
    /// <exception cref="TensorShapeException">The number of elements differs.</exception>
    public static Tensor Reshape(this Tensor x, TensorShape shape)
    {
        if (shape.Length != x.Length)
            throw new TensorShapeException("reshape", $"{x.Shape} to {shape}", $"{x.Length} elements");
        var y = new Tensor(x.Backend, x.Storage, shape);
        return Tape.Record(y, "reshape", [x], x.Shape, static (dy, shape) => [dy.Reshape(shape)]);
    }

    /// <summary>Merges the dimensions from <paramref name="start"/> to the last into one.</summary>
    public static Tensor Flatten(this Tensor x, int start = 0)
    {
        if (x.Rank == 0)
            return x.Reshape(1);
        start = Dimension("flatten", x, start);
        int[] sizes = [.. x.Shape.Sizes[..start], x.Shape.Sizes[start] * x.Shape.Stride(start)];
        return x.Reshape(TensorShape.Create(sizes));
    }

    /// <summary>Reorders dimensions: dimension i of the result is dimension order[i] of x.</summary>
    public static Tensor Permute(this Tensor x, params ReadOnlySpan<int> order)
    {
        if (order.Length != x.Rank)
            throw new TensorShapeException("permute", $"{x.Shape} with order of {order.Length}", $"an order of {x.Rank} dimensions");
        var forward = new int[order.Length];
        var inverse = new int[order.Length];
        var sizes = new int[order.Length];
        Array.Fill(inverse, -1);
        for (int i = 0; i < order.Length; i++)
        {
            forward[i] = Dimension("permute", x, order[i]);
            sizes[i] = x.Shape.Sizes[forward[i]];
            inverse[forward[i]] = i;
        }

        if (inverse.Contains(-1))
            throw new TensorShapeException("permute", $"{x.Shape} with order [{string.Join(", ", forward)}]", "every dimension once");
        Tensor y = Tensor.Empty(TensorShape.Create(sizes), x.Backend);
        x.Backend.Permute(x, forward, y);
        return Tape.Record(y, "permute", [x], inverse, static (dy, inverse) => [dy.Permute(inverse)]);
    }

    /// <summary>Swaps two dimensions.</summary>
    public static Tensor Transpose(this Tensor x, int first, int second)
    {
        int[] order = [.. Enumerable.Range(0, x.Rank)];
        (first, second) = (Dimension("transpose", x, first), Dimension("transpose", x, second));
        (order[first], order[second]) = (second, first);
        return x.Permute(order);
    }

    /// <summary>Every step-th element from a start, count of them, in each dimension.</summary>
    public static Tensor Slice(this Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> counts, ReadOnlySpan<int> steps)
    {
        if (starts.Length != x.Rank || counts.Length != x.Rank || steps.Length != x.Rank)
            throw new TensorShapeException("slice", $"{x.Shape} with {starts.Length} starts, {counts.Length} counts, {steps.Length} steps", "a start, count and step for each dimension");
        for (int d = 0; d < x.Rank; d++)
        {
            long last = starts[d] + ((long)(counts[d] - 1) * steps[d]);
            if (starts[d] < 0 || counts[d] < 0 || steps[d] < 1 || (counts[d] > 0 && last >= x.Shape.Sizes[d]))
                throw new TensorShapeException("slice", $"{x.Shape}, dimension {d}: start {starts[d]}, count {counts[d]}, step {steps[d]}", "indices inside the tensor");
        }

        int[] begin = starts.ToArray();
        int[] stride = steps.ToArray();
        Tensor y = Tensor.Empty(TensorShape.Create(counts), x.Backend);
        x.Backend.Slice(x, begin, stride, y);
        return Tape.Record(y, "slice", [x], (x.Shape, Starts: begin, Steps: stride), static (dy, s) => [Placed(dy, s.Shape, s.Starts, s.Steps)]);
    }

    // The transpose of a slice: x among zeros.
    private static Tensor Placed(Tensor x, TensorShape shape, int[] starts, int[] steps)
    {
        Tensor y = Tensor.Zeros(shape, x.Backend);
        x.Backend.PutSlice(x, starts, steps, y);
        return Tape.Record(y, "put_slice", [x], (x.Shape, Starts: starts, Steps: steps), static (dy, s) => [dy.Slice(s.Starts, s.Shape.Sizes, s.Steps)]);
    }

    /// <summary>count neighbors from start, along one dimension.</summary>
    public static Tensor Narrow(this Tensor x, int dimension, int start, int count)
    {
        dimension = Dimension("narrow", x, dimension);
        if (start < 0 || count < 0 || (long)start + count > x.Shape[dimension])
            throw new TensorShapeException("narrow", $"{count} from {start} in dimension {dimension} of {x.Shape}", $"a range within 0..{x.Shape[dimension]}");
        var starts = new int[x.Rank];
        int[] counts = x.Shape.Sizes.ToArray();
        var steps = new int[x.Rank];
        Array.Fill(steps, 1);
        starts[dimension] = start;
        counts[dimension] = count;
        return x.Slice(starts, counts, steps);
    }

    /// <summary>Parts of the given sizes along one dimension.</summary>
    public static Tensor[] Split(this Tensor x, int dimension, params ReadOnlySpan<int> sizes)
    {
        dimension = Dimension("split", x, dimension);
        long total = 0;
        bool isNegative = false;
        foreach (int size in sizes)
        {
            total += size;
            isNegative |= size < 0;
        }

        if (total != x.Shape[dimension] || isNegative)
        {
            throw new TensorShapeException(
                "split", $"{x.Shape}, dimension {dimension}, sizes {string.Join(", ", sizes.ToArray())}", $"sizes of at least 0 adding up to {x.Shape[dimension]}");
        }

        var parts = new Tensor[sizes.Length];
        int start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = x.Narrow(dimension, start, sizes[i]);
            start += sizes[i];
        }

        return parts;
    }

    /// <summary>At most the given number of parts of equal size; the last may be smaller.</summary>
    public static Tensor[] Chunk(this Tensor x, int chunks, int dimension)
    {
        if (chunks < 1)
            throw new TensorShapeException("chunk", $"{chunks} chunks of {x.Shape}", "at least one chunk");
        int size = x.Shape[Dimension("chunk", x, dimension)];
        int part = (int)Math.Max(1, ((long)size + chunks - 1) / chunks);
        var sizes = new List<int>();
        for (int left = size; left > 0; left -= part)
            sizes.Add(Math.Min(part, left));
        return x.Split(dimension, [.. sizes]);
    }

    /// <summary>Joins tensors along one dimension; all other sizes are equal.</summary>
    public static Tensor Concatenate(int dimension, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty)
            throw new TensorShapeException("concatenate", "no tensors", "at least one");
        Tensor[] all = parts.ToArray();
        TensorShape first = all[0].Shape;
        dimension = Dimension("concatenate", all[0], dimension);
        int total = 0;
        foreach (Tensor part in all)
        {
            if (part.Rank != first.Rank || part.Shape.With(dimension, 1) != first.With(dimension, 1))
                throw new TensorShapeException("concatenate", string.Join(", ", all.Select(p => p.Shape)), $"equal sizes except in dimension {dimension}");
            total += part.Shape.Sizes[dimension];
        }

        CheckEngine("concatenate", all[0], all);
        Tensor y = Tensor.Empty(first.With(dimension, total), all[0].Backend);
        var starts = new int[first.Rank];
        var steps = new int[first.Rank];
        Array.Fill(steps, 1);
        var offsets = new int[all.Length];
        for (int i = 0; i < all.Length; i++)
        {
            offsets[i] = starts[dimension];
            y.Backend.PutSlice(all[i], starts, steps, y);
            starts[dimension] += all[i].Shape.Sizes[dimension];
        }

        return Tape.Record(y, "concatenate", all, (Parts: all, Dimension: dimension, Offsets: offsets), static (dy, s) =>
        {
            var gradients = new Tensor?[s.Parts.Length];
            for (int i = 0; i < gradients.Length; i++)
                gradients[i] = s.Parts[i].IsSought ? dy.Narrow(s.Dimension, s.Offsets[i], s.Parts[i].Shape.Sizes[s.Dimension]) : null;
            return gradients;
        });
    }

    /// <summary>Joins tensors of one shape along a new dimension.</summary>
    public static Tensor Stack(int dimension, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty)
            throw new TensorShapeException("stack", "no tensors", "at least one");
        int rank = parts[0].Rank;
        int place = dimension < 0 ? dimension + rank + 1 : dimension;
        if ((uint)place > (uint)rank)
            throw new TensorShapeException("stack", $"dimension {dimension} for {parts[0].Shape}", $"a dimension in {-rank - 1}..{rank}");
        var expanded = new Tensor[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Shape != parts[0].Shape)
                throw new TensorShapeException("stack", $"{parts[0].Shape} and {parts[i].Shape}", "equal shapes");
            CheckEngine("stack", parts[0], parts[i]);
            int[] sizes = [.. parts[i].Shape.Sizes[..place], 1, .. parts[i].Shape.Sizes[place..]];
            expanded[i] = parts[i].Reshape(TensorShape.Create(sizes));
        }

        return Concatenate(place, expanded);
    }

    /// <summary>Shifts elements along dimensions; what leaves one end enters at the other.</summary>
    public static Tensor Roll(this Tensor x, ReadOnlySpan<int> shifts, ReadOnlySpan<int> dimensions)
    {
        if (shifts.Length != dimensions.Length)
            throw new TensorShapeException("roll", $"{shifts.Length} shifts for {dimensions.Length} dimensions", "one shift for each dimension");
        Tensor y = x;
        for (int i = 0; i < shifts.Length; i++)
        {
            int size = x.Shape[Dimension("roll", x, dimensions[i])];
            int shift = size == 0 ? 0 : ((shifts[i] % size) + size) % size;
            if (shift != 0)
                y = Concatenate(dimensions[i], y.Narrow(dimensions[i], size - shift, shift), y.Narrow(dimensions[i], 0, size - shift));
        }

        return y;
    }

    /// <summary>x repeated to a larger shape by the broadcasting rule.</summary>
    public static Tensor Expand(this Tensor x, TensorShape shape)
    {
        if (TensorShape.Broadcast(x.Shape, shape) != shape)
            throw new TensorShapeException("expand", $"{x.Shape} to {shape}", "sizes that are equal, or 1 in the input");
        if (x.Shape == shape)
            return x;
        Tensor y = Tensor.Empty(shape, x.Backend);
        x.Backend.Broadcast(x, y);
        return Tape.Record(y, "expand", [x], x.Shape, static (dy, shape) => [dy.SumTo(shape)]);
    }

    /// <summary>Rows of a table: y[i, :] = table[rows[i], :]; negative rows count from the end.</summary>
    public static Tensor GatherRows(this Tensor table, ReadOnlySpan<int> rows) => GatherRows(table, rows.ToArray());

    /// <summary>The same for rows that nobody changes any more: they are not copied unless some are negative.</summary>
    internal static Tensor GatherRows(this Tensor table, int[] rows)
    {
        if (table.Rank < 1)
            throw new TensorShapeException("gather_rows", $"{table.Shape}", "a table [rows, ..]");
        int count = table.Shape[0];
        int[] wrapped = rows;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i] < 0 ? rows[i] + count : rows[i];
            if ((uint)row >= (uint)count)
                throw new TensorShapeException("gather_rows", $"row {rows[i]} of {table.Shape}", $"rows {-count}..{count - 1}");
            if (row == rows[i])
                continue;
            wrapped = ReferenceEquals(wrapped, rows) ? [.. rows] : wrapped;
            wrapped[i] = row;
        }

        Tensor y = Tensor.Empty(table.Shape.With(0, wrapped.Length), table.Backend);
        table.Backend.Gather(table, wrapped, y);
        return Tape.Record(y, "gather_rows", [table], (table.Shape, Rows: wrapped), static (dy, s) =>
        {
            Tensor dtable = Tensor.Zeros(s.Shape, dy.Backend);
            dy.Backend.ScatterAdd(dy, s.Rows, dtable);
            return [dtable];
        });
    }

    /// <summary>[n, c f f, h, w] to [n, c, h f, w f] (Shi et al. 2016).</summary>
    public static Tensor PixelShuffle(this Tensor x, int factor)
    {
        Check4d("pixel_shuffle", x);
        int square = Math.Clamp(factor, 0, 1 << 15) * Math.Clamp(factor, 0, 1 << 15);
        if (factor < 1 || x.Shape[1] % square != 0)
            throw new TensorShapeException("pixel_shuffle", $"{x.Shape} with factor {factor}", $"channels divisible by {square}");
        (int n, int c, int h, int w) = (x.Shape[0], x.Shape[1] / square, x.Shape[2], x.Shape[3]);
        return x.Reshape(n, c, factor, factor, h, w).Permute(0, 1, 4, 2, 5, 3).Reshape(n, c, h * factor, w * factor);
    }

    /// <summary>[n, c, h, w] to [n, c f f, h / f, w / f]: the inverse of <see cref="PixelShuffle"/>.</summary>
    public static Tensor PixelUnshuffle(this Tensor x, int factor)
    {
        Check4d("pixel_unshuffle", x);
        if (factor < 1 || x.Shape[2] % factor != 0 || x.Shape[3] % factor != 0)
            throw new TensorShapeException("pixel_unshuffle", $"{x.Shape} with factor {factor}", $"height and width divisible by {factor}");
        (int n, int c, int h, int w) = (x.Shape[0], x.Shape[1], x.Shape[2] / factor, x.Shape[3] / factor);
        return x.Reshape(n, c, h, factor, w, factor).Permute(0, 1, 3, 5, 2, 4).Reshape(n, c * factor * factor, h, w);
    }

    /// <summary>The non-negative index of a dimension that may be counted from the last one backwards.</summary>
    private static int Dimension(string operation, Tensor x, int dimension)
    {
        int index = dimension < 0 ? dimension + x.Rank : dimension;
        if ((uint)index >= (uint)x.Rank)
            throw new TensorShapeException(operation, $"dimension {dimension} of {x.Shape}", x.Rank == 0 ? "at least one dimension" : $"a dimension in {-x.Rank}..{x.Rank - 1}");
        return index;
    }

    internal static void Check4d(string operation, Tensor x)
    {
        if (x.Rank != 4)
            throw new TensorShapeException(operation, $"{x.Shape}", "[n, c, h, w]");
    }
}
