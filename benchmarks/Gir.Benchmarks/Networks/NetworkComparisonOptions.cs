namespace Gir.Benchmarks.Networks;

/// <summary>What to measure.</summary>
/// <param name="Threads">Threads on all sides.</param>
/// <param name="Size">Height and width of the image; a multiple of 128 for all networks.</param>
/// <param name="Rounds">Passes on each side.</param>
/// <param name="Filter">Part of a network's name; null means all.</param>
internal sealed record NetworkComparisonOptions(int Threads, int Size, int Rounds, string? Filter)
{
    /// <summary>The options of a command.</summary>
    public static NetworkComparisonOptions Of(Arguments arguments, int threads = 1, int size = 128) => new(
        arguments.Number("--threads", threads), arguments.Number("--size", size), arguments.Number("--rounds", 5), arguments.Text("--filter"));

    /// <summary>The networks to measure.</summary>
    public IEnumerable<PublishedNetwork> Networks =>
        PublishedNetworks.All.Where(n => Filter is null || n.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase));
}
