namespace Gir.Benchmarks.Networks;

/// <summary>What to measure.</summary>
/// <param name="Python">The peer's interpreter, or null for Gir alone.</param>
/// <param name="Script">The peer's program.</param>
/// <param name="Threads">Threads on both sides.</param>
/// <param name="Size">Height and width of the image; a multiple of 128 for all networks.</param>
/// <param name="Rounds">Passes on each side.</param>
/// <param name="Filter">Part of a network's name; null means all.</param>
internal sealed record NetworkComparisonOptions(string? Python, string Script, int Threads, int Size, int Rounds, string? Filter);
