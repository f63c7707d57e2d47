using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>One drawn case of an operator on one engine: its output, and the gradients of sum(weights * output).</summary>
internal sealed class OperatorRun
{
    public OperatorRun(OperatorCase operation, ulong seed, bool large, TensorBackend backend, Action<Tensor[]>? change = null)
    {
        var draw = new Draw(seed, large);
        Func<Tensor[], Tensor> run = operation.Prepare(draw);
        Leaves = [.. draw.Leaves.Select(l => Tensor.From(l.Values, l.Shape, backend))];
        change?.Invoke(Leaves);
        foreach (Tensor leaf in Leaves)
            leaf.RequiresGradient = true;
        Output = run(Leaves);
        Weights = Tensor.From(new Draw(seed + 1, false).Values(Output.Length), Output.Shape, backend);
    }

    public Tensor[] Leaves { get; }

    public Tensor Output { get; }

    public Tensor Weights { get; }

    public OperatorRun Backward()
    {
        Output.Backward(Weights);
        return this;
    }

    /// <summary>sum(weights * output) in double, on the oracle.</summary>
    public double WeightedSum()
    {
        double sum = 0;
        for (int i = 0; i < Output.Length; i++)
            sum += ScalarBackend.Of(Output)[i] * ScalarBackend.Of(Weights)[i];
        return sum;
    }
}
