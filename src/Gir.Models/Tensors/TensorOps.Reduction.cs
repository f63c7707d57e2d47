using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>The sum over all elements, a scalar.</summary>
    public static Tensor Sum(this Tensor x) => x.Reshape(x.Length).Sum([0], keepDimensions: false);

    /// <summary>The mean over all elements, a scalar.</summary>
    public static Tensor Mean(this Tensor x) => x.Sum() * (1f / x.Length);

    /// <summary>The sum over some dimensions.</summary>
    public static Tensor Sum(this Tensor x, ReadOnlySpan<int> dimensions, bool keepDimensions)
    {
        CheckDimensions("sum", x, dimensions);
        int[] sizes = x.Shape.Sizes.ToArray();
        foreach (int dimension in dimensions)
            sizes[x.Shape.Dimension(dimension)] = 1;
        TensorShape kept = TensorShape.Create(sizes);
        Tensor y = SumKeeping(x, kept);
        return keepDimensions ? y : y.Reshape(Drop(kept, x.Shape, dimensions));
    }

    /// <summary>The mean over some dimensions.</summary>
    public static Tensor Mean(this Tensor x, ReadOnlySpan<int> dimensions, bool keepDimensions)
    {
        CheckDimensions("mean", x, dimensions);
        Tensor sum = x.Sum(dimensions, keepDimensions);
        return sum * ((float)sum.Length / x.Length);
    }

    /// <summary>The variance over some dimensions, divided by n (biased) or n - 1.</summary>
    public static Tensor Variance(this Tensor x, ReadOnlySpan<int> dimensions, bool keepDimensions, bool unbiased = false)
    {
        CheckDimensions("variance", x, dimensions);
        Tensor centered = x - x.Mean(dimensions, keepDimensions: true);
        Tensor sum = centered.Square().Sum(dimensions, keepDimensions);
        float count = (float)x.Length / sum.Length;
        return sum * (1f / (unbiased ? count - 1 : count));
    }

    /// <summary>The largest value along one dimension; the gradient goes to the first of equals.</summary>
    public static Tensor Max(this Tensor x, int dimension, bool keepDimensions)
    {
        dimension = Dimension("max", x, dimension);
        if (x.Shape.Sizes[dimension] == 0)
            throw new TensorShapeException("max", $"{x.Shape}, dimension {dimension}", "at least one element");
        TensorShape kept = x.Shape.With(dimension, 1);
        Tensor y = Tensor.Empty(kept, x.Backend);
        x.Backend.Max(x, dimension, y);
        Tape.Record(y, "max", [x], (X: x, Dimension: dimension), static (dy, s) =>
        {
            Tensor dx = Tensor.Empty(s.X.Shape, s.X.Backend);
            s.X.Backend.MaxGradient(s.X, dy, s.Dimension, dx);
            return [dx];
        });
        return keepDimensions ? y : y.Reshape(Drop(kept, x.Shape, [dimension]));
    }

    /// <summary>x / max(||x||_2, epsilon) along one dimension.</summary>
    public static Tensor NormalizeL2(this Tensor x, int dimension, float epsilon = 1e-12f)
    {
        dimension = Dimension("normalize_l2", x, dimension);
        Tensor norm = x.Square().Sum([dimension], keepDimensions: true).Sqrt().Clamp(epsilon);
        return x / norm;
    }

    /// <summary>The sum over the dimensions in which a smaller shape was broadcast; the gradient of broadcasting.</summary>
    public static Tensor SumTo(this Tensor x, TensorShape shape)
    {
        if (x.Shape == shape)
            return x;
        if (TensorShape.Broadcast(x.Shape, shape) != x.Shape)
            throw new TensorShapeException("sum_to", $"{x.Shape} to {shape}", "a shape that broadcasts to the input's");
        var padded = new int[x.Rank];
        Array.Fill(padded, 1);
        shape.Sizes.CopyTo(padded.AsSpan(x.Rank - shape.Rank));
        return SumKeeping(x, TensorShape.Create(padded)).Reshape(shape);
    }

    private static void CheckDimensions(string operation, Tensor x, ReadOnlySpan<int> dimensions)
    {
        foreach (int dimension in dimensions)
            Dimension(operation, x, dimension);
    }

    private static Tensor SumKeeping(Tensor x, TensorShape kept)
    {
        Tensor y = Tensor.Empty(kept, x.Backend);
        x.Backend.Sum(x, y);
        return Tape.Record(y, "sum", [x], x.Shape, static (dy, shape) => [dy.Expand(shape)]);
    }

    private static TensorShape Drop(TensorShape kept, TensorShape original, ReadOnlySpan<int> dimensions)
    {
        int[] sizes = kept.Sizes.ToArray();
        foreach (int dimension in dimensions)
            sizes[original.Dimension(dimension)] = -1;
        int count = 0;
        foreach (int size in sizes)
        {
            if (size >= 0)
                sizes[count++] = size;
        }

        return TensorShape.Create(sizes.AsSpan(0, count));
    }
}
