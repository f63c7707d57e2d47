namespace Gir.Degradations.Tasks;

/// <summary>How a set of test tasks is chosen; the defaults are those of the paper's Table 6, as far as it states them.</summary>
public sealed record TaskSelectionOptions
{
    /// <summary>The orders, each 1..5, ascending; default 1 to 5.</summary>
    public IReadOnlyList<int> Orders { get; init; } = [1, 2, 3, 4, 5];

    /// <summary>How many candidates of each order are compared, 2..<see cref="RepresentativeTaskSelector.MostCandidates"/>; default 3000. Of shorter orders there are fewer.</summary>
    public int Candidates { get; init; } = 3000;

    /// <summary>How many tasks of each order are chosen, 2..1000; default 10.</summary>
    public int TasksPerOrder { get; init; } = 10;

    /// <summary>With which parameters candidates are made; default the representative ones.</summary>
    public TaskStrength Strength { get; init; }

    /// <summary>Whose ranges random parameters are drawn from; default the paper's.</summary>
    public RandomRange Range { get; init; }

    /// <summary>Seed of candidates, degradations and clustering.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        if (Orders is not { Count: > 0 } || Orders.Any(o => o is < 1 or > DegradationPipeline.PaperMaximumOrder) || Orders.Zip(Orders.Skip(1)).Any(p => p.First >= p.Second))
            throw new DegradationException($"orders = {string.Join(',', Orders ?? [])}: expected orders of 1..{DegradationPipeline.PaperMaximumOrder}, ascending.");
        if (Candidates is < 2 or > RepresentativeTaskSelector.MostCandidates)
            throw new DegradationException($"candidates = {Candidates}: expected 2..{RepresentativeTaskSelector.MostCandidates}.");
        if (TasksPerOrder is < 2 or > 1000)
            throw new DegradationException($"tasksPerOrder = {TasksPerOrder}: expected 2..1000.");
        if (Candidates < TasksPerOrder)
            throw new DegradationException($"candidates = {Candidates}: expected at least as many as tasks per order, {TasksPerOrder}.");
    }
}
