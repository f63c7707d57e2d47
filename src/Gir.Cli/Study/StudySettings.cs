namespace Gir.Cli.Study;

/// <summary>The command line of "study cldm".</summary>
internal sealed record StudySettings
{
    public required string Input { get; init; }

    public required string Output { get; init; }

    public IReadOnlyList<string> Experiments { get; init; } = [];

    public required int Images { get; init; }

    public required int Seeds { get; init; }

    public required int Steps { get; init; }

    public required IReadOnlyList<int> StepCounts { get; init; }

    public required IReadOnlyList<double> BlurLevels { get; init; }

    public required int NetworkSteps { get; init; }

    public required int CeilingSteps { get; init; }

    public required int VariantSteps { get; init; }

    public bool DryRun { get; init; }

    public required int Threads { get; init; }
}
