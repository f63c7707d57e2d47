namespace Gir.Models.Tensors.Autograd;

/// <summary>One step of the tape: how the gradient of an operator's output becomes those of its inputs.</summary>
internal sealed class GradientNode
{
    private static long s_counter;

    public GradientNode(string operation, Tensor[] inputs, Func<Tensor, Tensor?[]> backward)
    {
        Operation = operation;
        Inputs = inputs;
        Backward = backward;
        Number = Interlocked.Increment(ref s_counter);
    }

    public string Operation { get; }

    public Tensor[] Inputs { get; }

    /// <summary>From the output's gradient to one gradient per input; null where an input wants none.</summary>
    public Func<Tensor, Tensor?[]> Backward { get; }

    /// <summary>Nodes are numbered as they are made: an input's node has a smaller number than its consumer's.</summary>
    public long Number { get; }
}
