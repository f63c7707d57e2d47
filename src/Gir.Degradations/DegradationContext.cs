using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>What an operator needs beside its parameters and the image.</summary>
/// <param name="Seed">The operator's own seed: all its draws are a function of it.</param>
public sealed record DegradationContext(ulong Seed)
{
    /// <summary>
    /// Relative depth, 1 x H x W, divided by its maximum (far = 1); only haze and snow read it. Null: the operator has none and says so.
    /// </summary>
    public ImageBuffer? Depth { get; init; }

    /// <summary>Threads that the operator may use; the result does not depend on it.</summary>
    public Parallelism Parallelism { get; init; }

    /// <summary>Stops long work.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Receives the values that the operator drew (name, value), for the record; the values are told for the reader:
    /// replaying needs only parameters and seed.
    /// </summary>
    public Action<string, double>? OnDrawn { get; init; }

    /// <summary>Whether the image comes from a pipeline, which has checked it.</summary>
    internal bool IsChecked { get; init; }
}
