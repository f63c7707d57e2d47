namespace Gir.Evaluation;

/// <summary>Where a benchmark is.</summary>
/// <param name="Done">Results that there are, taken over ones included.</param>
/// <param name="Total">Results that there will be: (restorers + 1 for the input) x tasks x images.</param>
/// <param name="Resumed">Results taken over from an earlier run.</param>
public readonly record struct BenchmarkProgress(int Done, int Total, int Resumed)
{
    /// <summary>The restorer that was just scored; null at the start.</summary>
    public string? Restorer { get; init; }

    /// <summary>The task it was scored on.</summary>
    public string? Task { get; init; }

    /// <summary>The image it was scored on.</summary>
    public string? Image { get; init; }
}
