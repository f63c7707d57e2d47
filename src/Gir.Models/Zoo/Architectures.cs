namespace Gir.Models.Zoo;

/// <summary>The registry: every architecture that Gir recognises.</summary>
public static class Architectures
{
    /// <summary>All descriptors, in the order in which they are asked.</summary>
    public static IReadOnlyList<ArchitectureDescriptor> All { get; } =
    [
    ];
}
