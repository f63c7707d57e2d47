namespace Gir.Models.Tensors.Autograd;

/// <summary>Reverse-mode differentiation: records operators as they run and walks them back.</summary>
public static partial class Tape
{
    [ThreadStatic]
    private static int s_noGradientDepth;

    [ThreadStatic]
    private static Tensor? s_only;

    /// <summary>Whether operators are recorded on this thread.</summary>
    public static bool IsRecording => s_noGradientDepth == 0;

    /// <summary>Stops recording on this thread until disposed: inference needs no history and keeps no memory for it.</summary>
    public static NoGradientScope NoGradient()
    {
        s_noGradientDepth++;
        return new NoGradientScope(isOpen: true);
    }

    /// <summary>Records on this thread until disposed, whatever is open around it: what needs a gradient within inference.</summary>
    internal static RecordingScope Recording() => new();

    /// <summary>
    /// Until disposed, this thread wants the gradient of one leaf alone: parameters get none, so that what explains an input costs less than training, and may share a
    /// network with other threads.
    /// </summary>
    internal static LeafScope Toward(Tensor leaf)
    {
        Tensor? outer = s_only;
        s_only = leaf;
        return new LeafScope(outer);
    }

    /// <summary>Whether a leaf's gradient is wanted on this thread.</summary>
    internal static bool LeadsTo(Tensor leaf) => s_only is not { } only || ReferenceEquals(only, leaf);

    /// <summary>
    /// Runs a segment of a network without recording it, and runs it again when its gradient is wanted: memory for the
    /// segment's inside is needed only then (Chen, Xu, Zhang, Guestrin: "Training Deep Nets with Sublinear Memory Cost", 2016).
    /// </summary>
    /// <param name="segment">A pure function of its input and of parameters.</param>
    /// <param name="input">The segment's input.</param>
    public static Tensor Checkpoint(Func<Tensor, Tensor> segment, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(segment);
        ArgumentNullException.ThrowIfNull(input);
        if (!IsRecording)
            return segment(input);

        // Scopes hand the segment's inside back at once, also where a training step's scope would hold it to the step's end.
        Tensor output;
        using (NoGradient())
        {
            using TensorScope inside = TensorScope.Enter();
            output = inside.Keep(segment(input));
        }

        Tensor result = output.Detach();
        // Parameters inside the segment may want gradients even where the input does not: always record.
        result.Origin = new GradientNode("checkpoint", [input], gradient =>
        {
            Tensor start = input.Detach();
            start.RequiresGradient = true;
            using (LeafScope leaves = s_only is { } ? Toward(start) : new LeafScope(null))
            using (TensorScope inside = TensorScope.Enter())
            {
                Tensor again = segment(start);
                if (again.IsTracked)
                    again.Backward(gradient);
            }

            // Made as a leaf's gradient, which no scope holds; here it is one more intermediate result.
            if (start.Gradient is { } made)
                TensorScope.Register(made.Storage);
            return [start.Gradient];
        });
        return result;
    }

    /// <summary>Notes on an operator's output how to go back, if anybody may ask; in inference nothing is allocated.</summary>
    /// <param name="output">The operator's output.</param>
    /// <param name="operation">Its name.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="state">What <paramref name="backward"/> needs.</param>
    /// <param name="backward">A static function of the output's gradient and the state.</param>
    internal static Tensor Record<TState>(
        Tensor output, string operation, ReadOnlySpan<Tensor> inputs, TState state, Func<Tensor, TState, Tensor?[]> backward)
    {
        if (!IsRecording)
            return output;
        foreach (Tensor input in inputs)
        {
            if (input.IsTracked)
                return RecordTracked(output, operation, inputs.ToArray(), state, backward);
        }

        return output;
    }

    // A method of its own: a closure is made where its variables' block begins, wanted or not.
    private static Tensor RecordTracked<TState>(
        Tensor output, string operation, Tensor[] inputs, TState state, Func<Tensor, TState, Tensor?[]> backward)
    {
        output.Origin = new GradientNode(operation, inputs, dy => backward(dy, state));
        return output;
    }

    internal static void Backward(Tensor root, Tensor gradient)
    {
        if (!root.IsTracked)
            throw new InvalidOperationException("backward: the tensor was computed from nothing that requires a gradient, or while recording was off.");
        // Descending numbers are a reverse topological order, and a fixed one: sums of gradients always run alike.
        var pending = new PriorityQueue<(Tensor Tensor, GradientNode Node), long>();
        var gradients = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        using NoGradientScope quiet = NoGradient();
        using TensorScope all = TensorScope.Enter();
        Deliver(root, gradient, pending, gradients);
        while (pending.TryDequeue(out (Tensor Tensor, GradientNode Node) step, out _))
        {
            gradients.Remove(step.Tensor, out Tensor? received);
            using TensorScope inside = TensorScope.Enter();
            Tensor?[] results;
            if (step.Node.Operation == "checkpoint")
            {
                using RecordingScope recording = Recording();
                results = step.Node.Backward(received!);
            }
            else
            {
                results = step.Node.Backward(received!);
            }

            GC.KeepAlive(received);
            for (int i = 0; i < results.Length; i++)
            {
                if (results[i] is { } result && step.Node.Inputs[i].IsTracked)
                    Deliver(step.Node.Inputs[i], result, pending, gradients);
            }

            // A gradient lives until it is consumed; several inputs may share one.
            foreach (Tensor waiting in gradients.Values)
                inside.Keep(waiting);
            if (!gradients.Values.Any(t => ReferenceEquals(t.Storage, received!.Storage)) && all.Forget(received!.Storage))
                received.Storage.Release();
        }
    }

    private static void Deliver(
        Tensor target, Tensor gradient, PriorityQueue<(Tensor Tensor, GradientNode Node), long> pending, Dictionary<Tensor, Tensor> gradients)
    {
        if (target.WantsGradient)
            Accumulate(target, gradient);
        if (target.Origin is not { } node)
            return;
        if (gradients.TryGetValue(target, out Tensor? sum))
        {
            gradients[target] = sum.Add(gradient);
        }
        else
        {
            gradients[target] = gradient;
            pending.Enqueue((target, node), -node.Number);
        }
    }

    private static void Accumulate(Tensor leaf, Tensor gradient)
    {
        if (leaf.Gradient is { } sum)
        {
            leaf.Backend.AddScaled(gradient, 1, sum);
            GC.KeepAlive(gradient);
            GC.KeepAlive(sum);
            return;
        }

        // A leaf's gradient outlives the step's scope, and must not share memory with another tensor's.
        using TensorScope persistent = TensorScope.Suspend();
        Tensor copy = Tensor.Empty(leaf.Shape, leaf.Backend);
        leaf.Backend.Copy(gradient, copy);
        GC.KeepAlive(gradient);
        leaf.Gradient = copy;
    }

    /// <summary>Ends <see cref="NoGradient"/> when disposed.</summary>
    public ref struct NoGradientScope
    {
        private bool _isOpen;

        internal NoGradientScope(bool isOpen) => _isOpen = isOpen;

        /// <summary>Records again, unless an enclosing scope is still open; does nothing the second time.</summary>
        public void Dispose()
        {
            if (!_isOpen)
                return;
            _isOpen = false;
            s_noGradientDepth--;
        }
    }

    /// <summary>Ends <see cref="Toward"/> when disposed.</summary>
    internal readonly ref struct LeafScope(Tensor? outer)
    {
        /// <summary>Wants again what was wanted before.</summary>
        public void Dispose() => s_only = outer;
    }

    /// <summary>Ends <see cref="Recording"/> when disposed.</summary>
    internal readonly ref struct RecordingScope
    {
        private readonly int _depth;

        public RecordingScope()
        {
            _depth = s_noGradientDepth;
            s_noGradientDepth = 0;
        }

        public void Dispose() => s_noGradientDepth = _depth;
    }
}
