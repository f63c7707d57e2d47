using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Nn;

/// <summary>
/// The one place that knows how memory is bounded while gradients are off: a part of a forward pass hands back everything that it made except its result.
/// While gradients are recorded everything stays, for the way back.
/// </summary>
internal static class Scopes
{
    /// <summary>Runs a part; stops before it where its thread's restoration is given up (<see cref="ForwardCancellation"/>).</summary>
    public static Tensor Run<TState>(TState state, Func<TState, Tensor> part)
    {
        if (Tape.IsRecording)
            return part(state);
        ForwardCancellation.ThrowIfRequested();
        using TensorScope scope = TensorScope.Enter();
        return scope.Keep(part(state));
    }

    /// <inheritdoc cref="Run{TState}(TState, Func{TState, Tensor})"/>
    public static Tensor Run(Func<Tensor> part) => Run(part, static p => p());

    /// <summary>Runs steps one after another; while gradients are off, each result is handed back as soon as the next one is there.</summary>
    /// <param name="x">The first step's input, which stays.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="call">Runs one of them.</param>
    public static Tensor Chain<T>(Tensor x, IReadOnlyList<T> steps, Func<T, Tensor, Tensor> call)
    {
        if (Tape.IsRecording)
        {
            foreach (T step in steps)
                x = call(step, x);
            return x;
        }

        using TensorScope scope = TensorScope.Enter();
        foreach (T step in steps)
        {
            Tensor next = call(step, x);
            if (!ReferenceEquals(next.Storage, x.Storage) && scope.Forget(x.Storage))
                x.Storage.Release();
            x = next;
        }

        return scope.Keep(x);
    }
}
