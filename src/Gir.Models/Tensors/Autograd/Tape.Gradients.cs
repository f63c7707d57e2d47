using System.Collections.Frozen;

namespace Gir.Models.Tensors.Autograd;

/// <summary>Gradients as tensors, which may be differentiated themselves.</summary>
public static partial class Tape
{
    // Those whose way back consists of operators; all others would give constants.
    private static readonly FrozenSet<string> s_twice = FrozenSet.Create(
        StringComparer.Ordinal,
        "add", "subtract", "multiply", "divide", "scale_and_shift", "apply", "apply_slope", "sum", "expand", "reshape", "permute", "slice", "put_slice", "concatenate",
        "matmul", "linear", "conv2d", "conv_transpose2d", "conv2d_weight_gradient", "pad2d", "resample", "resample_transposed", "unfold", "fold");

    [ThreadStatic]
    private static HashSet<Tensor>? s_sought;

    /// <summary>
    /// The gradients of the sum of a tensor's elements with respect to others, as tensors. While operators are recorded so is the way back: a penalty on
    /// gradients (R1 of Mescheder et al. 2018, path length of Karras et al. 2020) is computed from the result and has gradients of its own.
    /// </summary>
    /// <remarks>
    /// Nothing is accumulated into leaves, and nothing of the forward pass is released before the surrounding <see cref="TensorScope"/> ends. What piecewise linear
    /// functions do at their kinks is left out of second derivatives. A recorded way back passes elementwise functions, sums, products, convolutions, changes of shape,
    /// constant padding, resampling, unfolding and what is composed of them.
    /// </remarks>
    /// <param name="output">What is differentiated; of several elements their sum.</param>
    /// <param name="inputs">With respect to what: leaves that require a gradient, or what was computed from such.</param>
    /// <returns>One gradient for each input, of its shape; zeros where no way leads to it.</returns>
    /// <exception cref="InvalidOperationException">The output was computed from nothing that requires a gradient.</exception>
    /// <exception cref="NotSupportedException">An operator on the way has no derivative of its gradient (or is a checkpoint's segment); the message names it.</exception>
    public static Tensor[] Gradients(Tensor output, params ReadOnlySpan<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!output.IsTracked)
            throw new InvalidOperationException("gradients: the tensor was computed from nothing that requires a gradient, or while recording was off.");
        Tensor[] wanted = inputs.ToArray();
        var pending = new PriorityQueue<(Tensor Tensor, GradientNode Node), long>();
        var gradients = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        HashSet<Tensor>? outer = s_sought;
        HashSet<Tensor> sought = LeadingTo(wanted, output);
        s_sought = sought;
        try
        {
            Pass(output, Tensor.Ones(output.Shape, output.Backend));
            while (pending.TryDequeue(out (Tensor Tensor, GradientNode Node) step, out _))
            {
                string operation = step.Node.Operation;
                if (operation == "checkpoint" || (IsRecording && !s_twice.Contains(operation)))
                    throw new NotSupportedException($"gradients: found '{operation}', which has no recorded way back; expected {string.Join(", ", s_twice.Order(StringComparer.Ordinal))}.");
                Tensor?[] results = step.Node.Backward(gradients[step.Tensor]);
                for (int i = 0; i < results.Length; i++)
                {
                    if (results[i] is { } result)
                        Pass(step.Node.Inputs[i], result);
                }
            }
        }
        finally
        {
            s_sought = outer;
        }

        return Array.ConvertAll(wanted, t => gradients.TryGetValue(t, out Tensor? gradient) ? gradient : Tensor.Zeros(t.Shape, t.Backend));

        void Pass(Tensor target, Tensor gradient)
        {
            if (!sought.Contains(target))
                return;
            if (gradients.TryGetValue(target, out Tensor? sum))
            {
                gradients[target] = sum.Add(gradient);
                return;
            }

            gradients[target] = gradient;
            if (target.Origin is { } node && node.Inputs.Any(sought.Contains))
                pending.Enqueue((target, node), -node.Number);
        }
    }

    /// <summary>Whether a way back that is under way on this thread needs a tensor's gradient.</summary>
    internal static bool Seeks(Tensor tensor) => s_sought is not { } sought || sought.Contains(tensor);

    // The tensors between the output and what is wanted: nobody computes the gradients of others.
    private static HashSet<Tensor> LeadingTo(Tensor[] wanted, Tensor output)
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance) { output };
        var open = new Stack<Tensor>([output]);
        while (open.TryPop(out Tensor? tensor))
        {
            foreach (Tensor input in tensor.Origin?.Inputs ?? [])
            {
                if (seen.Add(input))
                    open.Push(input);
            }
        }

        var leading = new HashSet<Tensor>(wanted, ReferenceEqualityComparer.Instance);
        // Inputs have smaller numbers than what was made of them.
        foreach (Tensor tensor in seen.Where(t => t.Origin is not null).OrderBy(t => t.Origin!.Number))
        {
            if (tensor.Origin!.Inputs.Any(leading.Contains))
                leading.Add(tensor);
        }

        return leading;
    }
}
