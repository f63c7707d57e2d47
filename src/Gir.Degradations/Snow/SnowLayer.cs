namespace Gir.Degradations.Snow;

/// <summary>Flakes at one range of distances: how many, how large, how blurred.</summary>
/// <param name="Count">Flakes per picture of 600 x 600 units, at density 1.</param>
/// <param name="SmallestRadius">In units.</param>
/// <param name="LargestRadius">In units.</param>
/// <param name="LeastOpacity">Opacity of the faintest flake.</param>
/// <param name="GreatestOpacity">Opacity of the densest flake.</param>
/// <param name="Defocus">Softness of the edge as a share of the radius.</param>
internal sealed record SnowLayer(
    int Count, double SmallestRadius, double LargestRadius, double LeastOpacity, double GreatestOpacity, double Defocus)
{
    /// <summary>
    /// Far flakes are many, small and faint; those at the focused distance are sharp; near ones are few, large and out of focus.
    /// The unit is such that a picture measures 600 x 600 of them, but at least half a pixel.
    /// </summary>
    public static IReadOnlyList<SnowLayer> All { get; } =
    [
        new(1500, 0.45, 1.1, 0.30, 0.75, 0.9),
        new(420, 1.1, 2.4, 0.55, 0.95, 0.45),
        new(70, 2.4, 4.8, 0.50, 0.90, 0.7),
        new(12, 5.5, 11, 0.25, 0.50, 0.95),
    ];
}
