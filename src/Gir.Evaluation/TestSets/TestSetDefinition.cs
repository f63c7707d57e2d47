namespace Gir.Evaluation.TestSets;

/// <summary>What a <see cref="TestSet"/> of procedural scenes is made from.</summary>
/// <param name="Name">Name of the set: 1 to 64 letters, digits, '-', '_' and '.'.</param>
/// <param name="SceneSeeds">The scenes, by their seeds; 1 to 256 distinct ones.</param>
public sealed record TestSetDefinition(string Name, IReadOnlyList<ulong> SceneSeeds)
{
    /// <summary>Rows of a scene, 16..4096; default 192.</summary>
    public int Height { get; init; } = 192;

    /// <summary>Columns of a scene, 16..4096; default 256. All scenes together have at most 2^24 pixels.</summary>
    public int Width { get; init; } = 256;

    /// <summary>The seed of all degradations; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The seed that the 50 cross-validation tasks are drawn from; default 0.</summary>
    public ulong CrossValidationSeed { get; init; }
}
