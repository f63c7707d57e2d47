namespace Gir.Cli.Train;

/// <summary>The command line; null where the recipe decides.</summary>
internal sealed record TrainSettings(string? Recipe, RecipeOverrides Overrides, RunSettings Run, bool List, bool Json, bool DryRun);

/// <summary>What replaces values of a recipe.</summary>
internal sealed record RecipeOverrides
{
    public string? Architecture { get; init; }

    public string? Hyper { get; init; }

    public IReadOnlyList<string> Tasks { get; init; } = [];

    public string? Images { get; init; }

    public int? Scenes { get; init; }

    public int? Iterations { get; init; }

    public int? EncoderIterations { get; init; }

    public int? Batch { get; init; }

    public int? Patch { get; init; }

    public double? LearningRate { get; init; }

    public ulong? Seed { get; init; }

    public string? Initial { get; init; }

    public string? Prior { get; init; }
}

/// <summary>Where, how long and with how many threads; nothing of it changes the result.</summary>
internal sealed record RunSettings(string Output, bool Resume, int Threads, double? TimeLimit);
