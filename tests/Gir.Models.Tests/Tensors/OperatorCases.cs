using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>Cases for every operator of <see cref="Types"/>.</summary>
internal static partial class OperatorCases
{
    /// <summary>Where operators are declared: those of every network, and StyleGAN2's own.</summary>
    public static IReadOnlyList<Type> Types { get; } = [typeof(TensorOps), typeof(StyleOps)];

    public static IReadOnlyList<OperatorCase> All { get; } =
    [
        .. Elementwise(), .. Reductions(), .. Shapes(), .. Products(), .. Convolutions(), .. Images(), .. Normalizations(), .. Losses(), .. StyleGan(),
    ];

    private static IEnumerable<OperatorCase> Elementwise()
    {
        yield return Binary("Add/2", (a, b) => a.Add(b));
        yield return Binary("Subtract/2", (a, b) => a.Subtract(b));
        yield return Binary("Multiply/2", (a, b) => a.Multiply(b));
        yield return Binary("Divide/2", (a, b) => a.Divide(b));
        yield return new("Add/2", "of a tensor and itself", d => Of(d.Leaf(d.Shape(0, 4)), x => x.Add(x)));
        yield return new("ScaleAndShift/3", "", d => Of(d.Leaf(d.Shape(0, 6)), x => x.ScaleAndShift(-1.5f, 0.25f)));
        yield return Unary("Apply/2", x => x.Apply(new UnaryOperation(UnaryFunction.Clamp, -0.5f, 0.75f)));
        yield return Unary("Relu/1", x => x.Relu());
        yield return new("Relu6/1", "", d => Of(d.Leaf(d.Shape(1, 4), 0.5, 9), x => x.Relu6()));
        yield return Unary("LeakyRelu/2", x => x.LeakyRelu(0.2f));
        yield return Unary("Gelu/1", x => x.Gelu());
        yield return Unary("Sigmoid/1", x => x.Sigmoid());
        yield return Unary("Tanh/1", x => x.Tanh());
        yield return Unary("Silu/1", x => x.Silu());
        yield return Unary("Softplus/3", x => x.Softplus(2, 1));
        yield return new("HardSigmoid/1", "", d => Of(d.Leaf(d.Shape(1, 4), -5, 5), x => x.HardSigmoid()));
        yield return Unary("Clamp/3", x => x.Clamp(-0.4f, 0.6f));
        yield return Unary("Abs/1", x => x.Abs());
        yield return Unary("Exp/1", x => x.Exp());
        yield return new("Log/1", "", d => Of(d.Leaf(d.Shape(1, 4), 0.2, 5), x => x.Log()));
        yield return new("Sqrt/1", "", d => Of(d.Leaf(d.Shape(1, 4), 0.2, 5), x => x.Sqrt()));
        yield return new("ReciprocalSqrt/1", "", d => Of(d.Leaf(d.Shape(1, 4), 0.2, 5), x => x.ReciprocalSqrt()));
        yield return Unary("Square/1", x => x.Square());
        yield return Unary("Erf/1", x => x.Erf());
        yield return new("Prelu/2", "one weight per channel", d =>
        {
            TensorShape shape = d.Shape(2, 4);
            return Of(d.Leaf(shape), d.Leaf([shape[1]]), (x, w) => x.Prelu(w));
        });
        yield return new("Prelu/2", "one weight", d => Of(d.Leaf(d.Shape(1, 4)), d.Leaf([1]), (x, w) => x.Prelu(w)));
        yield return new("SimpleGate/1", "", d => Of(d.Leaf(d.Images(channelFactor: 2)), x => x.SimpleGate()));
    }

    private static IEnumerable<OperatorCase> Reductions()
    {
        yield return new("Sum/1", "", d => Of(d.Leaf(d.Shape(0, 5)), x => x.Sum()));
        yield return new("Mean/1", "", d => Of(d.Leaf(d.Shape(0, 5)), x => x.Mean()));
        yield return Reduction("Sum/3", 6, (x, dimensions, keep) => x.Sum(dimensions, keep));
        yield return Reduction("Mean/3", 5, (x, dimensions, keep) => x.Mean(dimensions, keep));
        yield return Reduction("Variance/4", 4, (x, dimensions, keep) => x.Variance(dimensions, keep));
        yield return new("Variance/4", "unbiased", d => Of(d.Leaf([d.Size(2, 5), d.Size(2, 5)]), x => x.Variance([0, -1], false, unbiased: true)));
        yield return Reduction("Max/3", 5, (x, dimensions, keep) => x.Max(dimensions[0], keep));
        yield return Reduction("NormalizeL2/3", 4, (x, dimensions, _) => x.NormalizeL2(dimensions[0]));
        yield return new("SumTo/2", "", d =>
        {
            TensorShape shape = d.Shape(1, 5);
            TensorShape smaller = d.BroadcastOf(shape);
            return Of(d.Leaf(shape), x => x.SumTo(smaller));
        });
    }

    private static IEnumerable<OperatorCase> Shapes()
    {
        yield return new("Reshape/2", "with an inferred size", d =>
        {
            TensorShape shape = d.Shape(2, 4);
            return Of(d.Leaf(shape), x => x.Reshape(shape[1], -1));
        });
        yield return new("Reshape/2", "to a shape", d => Of(d.Leaf(d.Shape(0, 4)), x => x.Reshape(TensorShape.Create(1, x.Length, 1))));
        yield return new("Flatten/2", "", d =>
        {
            TensorShape shape = d.Shape(1, 5);
            int start = d.Dimension(shape.Rank);
            return Of(d.Leaf(shape), x => x.Flatten(start));
        });
        yield return new("Permute/2", "", d =>
        {
            TensorShape shape = d.Shape(1, 6);
            int[] order = d.Order(shape.Rank);
            return Of(d.Leaf(shape), x => x.Permute(order));
        });
        yield return new("Transpose/3", "", d =>
        {
            TensorShape shape = d.Shape(2, 5);
            (int first, int second) = (d.Dimension(shape.Rank), d.Dimension(shape.Rank));
            return Of(d.Leaf(shape), x => x.Transpose(first, second));
        });
        yield return new("Slice/4", "", d =>
        {
            TensorShape shape = d.Shape(1, 5);
            int[] steps = [.. Enumerable.Range(0, shape.Rank).Select(_ => d.Integer(1, 3))];
            int[] starts = [.. shape.Sizes.ToArray().Select(s => d.Integer(0, s - 1))];
            int[] counts = [.. Enumerable.Range(0, shape.Rank).Select(i => d.Integer(1, ((shape[i] - 1 - starts[i]) / steps[i]) + 1))];
            return Of(d.Leaf(shape), x => x.Slice(starts, counts, steps));
        });
        yield return new("Narrow/4", "", d =>
        {
            TensorShape shape = d.Shape(1, 5);
            int dimension = d.Dimension(shape.Rank);
            int start = d.Integer(0, shape[dimension] - 1);
            int count = d.Integer(1, shape[dimension] - start);
            return Of(d.Leaf(shape), x => x.Narrow(dimension, start, count));
        });
        yield return new("Split/3", "", d =>
        {
            TensorShape shape = d.Shape(1, 4);
            int dimension = d.Dimension(shape.Rank);
            int first = d.Integer(0, shape[dimension]);
            return Of(d.Leaf(shape), x => Joined(x.Split(dimension, first, shape[dimension] - first)));
        });
        yield return new("Chunk/3", "", d =>
        {
            TensorShape shape = d.Shape(1, 4);
            (int dimension, int chunks) = (d.Dimension(shape.Rank), d.Integer(1, 3));
            return Of(d.Leaf(shape), x => Joined(x.Chunk(chunks, dimension)));
        });
        yield return new("Concatenate/2", "", d =>
        {
            TensorShape shape = d.Shape(1, 5);
            int dimension = d.Dimension(shape.Rank);
            int[] leaves = [.. Enumerable.Range(0, d.Integer(1, 3)).Select(_ => d.Leaf(shape.With(dimension, d.Size(1, 3))))];
            return t => TensorOps.Concatenate(dimension, [.. leaves.Select(i => t[i])]);
        });
        yield return new("Concatenate/2", "of one tensor twice", d => Of(d.Leaf(d.Shape(1, 4)), x => TensorOps.Concatenate(-1, x, x)));
        yield return new("Stack/2", "", d =>
        {
            TensorShape shape = d.Shape(0, 4);
            int dimension = d.Integer(-shape.Rank - 1, shape.Rank);
            return Of(d.Leaf(shape), d.Leaf(shape), (a, b) => TensorOps.Stack(dimension, a, b));
        });
        yield return new("Roll/3", "", d =>
        {
            TensorShape shape = d.Shape(1, 4);
            int[] dimensions = d.Dimensions(shape.Rank);
            int[] shifts = [.. dimensions.Select(_ => d.Integer(-7, 7))];
            return Of(d.Leaf(shape), x => x.Roll(shifts, dimensions));
        });
        yield return new("Expand/2", "", d =>
        {
            TensorShape shape = d.Shape(1, 5);
            return Of(d.Leaf(d.BroadcastOf(shape)), x => x.Expand(shape));
        });
        yield return new("GatherRows/2", "", d =>
        {
            TensorShape shape = d.Shape(1, 3);
            int[] rows = [.. Enumerable.Range(0, d.Size(1, 6)).Select(_ => d.Integer(-shape[0], shape[0] - 1))];
            return Of(d.Leaf(shape), x => x.GatherRows(rows));
        });
    }

    private static IEnumerable<OperatorCase> Losses()
    {
        yield return Loss("L1Loss/2", (a, b) => a.L1Loss(b));
        yield return Loss("MeanSquaredErrorLoss/2", (a, b) => a.MeanSquaredErrorLoss(b));
        yield return Loss("CharbonnierLoss/3", (a, b) => a.CharbonnierLoss(b, 1e-4f));
        yield return Loss("PsnrLoss/3", (a, b) => a.PsnrLoss(b, 1e-8f));
        yield return Loss("SmoothL1Loss/3", (a, b) => a.SmoothL1Loss(b, 0.7f));
        yield return new("BinaryCrossEntropyWithLogits/2", "", d =>
        {
            TensorShape shape = d.Shape(1, 4);
            return Of(d.Leaf(shape), d.Leaf(shape, 0.1, 0.9), (a, b) => a.BinaryCrossEntropyWithLogits(b));
        });
        yield return new("CrossEntropy/2", "", d =>
        {
            (int n, int width) = (d.Size(1, 6), d.Size(1, 7));
            int[] classes = [.. Enumerable.Range(0, n).Select(_ => d.Integer(0, width - 1))];
            return Of(d.Leaf([n, width]), x => x.CrossEntropy(classes));
        });
    }

    private static OperatorCase Unary(string method, Func<Tensor, Tensor> function) =>
        new(method, "", d => Of(d.Leaf(d.Shape(0, 4)), function));

    private static OperatorCase Binary(string method, Func<Tensor, Tensor, Tensor> function) => new(method, "", d =>
    {
        TensorShape shape = d.Shape(0, 5);
        TensorShape other = d.BroadcastOf(shape);
        return d.Coin() ? Of(d.Leaf(shape), d.Leaf(other), function) : Of(d.Leaf(other), d.Leaf(shape), function);
    });

    private static OperatorCase Reduction(string method, int maximumRank, Func<Tensor, int[], bool, Tensor> function) => new(method, "", d =>
    {
        TensorShape shape = d.Shape(1, maximumRank);
        int[] dimensions = d.Dimensions(shape.Rank);
        bool keep = d.Coin();
        return Of(d.Leaf(shape), x => function(x, dimensions, keep));
    });

    // Targets are apart from inputs: the absolute value has a kink where they meet.
    private static OperatorCase Loss(string method, Func<Tensor, Tensor, Tensor> function) => new(method, "", d =>
    {
        TensorShape shape = d.Shape(2, 4);
        return Of(d.Leaf(shape, 0, 1), d.Leaf(shape, 1.1, 2), function);
    });

    private static Func<Tensor[], Tensor> Of(int leaf, Func<Tensor, Tensor> function) => t => function(t[leaf]);

    private static Func<Tensor[], Tensor> Of(int a, int b, Func<Tensor, Tensor, Tensor> function) => t => function(t[a], t[b]);

    private static Tensor Joined(Tensor[] parts) => TensorOps.Concatenate(0, [.. parts.Select((p, i) => p.Flatten() * (i + 1))]);
}
