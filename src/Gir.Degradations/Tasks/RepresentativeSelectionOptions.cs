namespace Gir.Degradations.Tasks;

/// <summary>How representatives are chosen.</summary>
public sealed record RepresentativeSelectionOptions
{
    /// <summary>The number of clusters, and so of representatives, 2..1000; default 10, as in the paper.</summary>
    public int Clusters { get; init; } = 10;

    /// <summary>Seed of the degradations and of the clustering's starts.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        if (Clusters is < 2 or > 1000)
            throw new DegradationException($"clusters = {Clusters}: expected 2..1000.");
    }
}
