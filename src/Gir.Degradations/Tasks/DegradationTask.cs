namespace Gir.Degradations.Tasks;

/// <summary>A test task: degradations in a fixed order with fixed parameters (the GIR paper evaluates 100 of them).</summary>
/// <param name="Id">Unique within a set: "17" for a representative task, "cross:1a2b3c4d:17" for a random one.</param>
/// <param name="Pipeline">What is done to the clean images.</param>
public sealed record DegradationTask(string Id, DegradationPipeline Pipeline)
{
    /// <summary>The number within its set, from 1; null for tasks of the user's own.</summary>
    public int? Number { get; init; }

    /// <summary>Where it comes from.</summary>
    public DegradationTaskGroup Group { get; init; }

    /// <summary>The order k: how many operators are composed.</summary>
    public int Order => Pipeline.Order;
}
