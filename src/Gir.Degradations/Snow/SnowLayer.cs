namespace Gir.Degradations.Snow;

/// <summary>Flakes at one range of distances: how many, how large, how blurred.</summary>
/// <param name="Count">Flakes per picture of 600 x 600 units, at density 1.</param>
/// <param name="SmallestRadius">In units.</param>
/// <param name="LargestRadius">In units.</param>
/// <param name="LeastOpacity">Opacity of the faintest flake.</param>
/// <param name="GreatestOpacity">Opacity of the densest flake.</param>
/// <param name="Defocus">Softness of the edge as a share of the radius.</param>
/// <param name="Clumps">Smaller disks that make a flake's outline uneven; none where a flake is hardly a pixel.</param>
internal sealed record SnowLayer(
    int Count, double SmallestRadius, double LargestRadius, double LeastOpacity, double GreatestOpacity, double Defocus, int Clumps)
{
    /// <summary>
    /// Far flakes are many, small and faint; those at the focused distance are sharp; near ones are few, large and out of focus.
    /// The unit is such that a picture measures 600 x 600 of them, but at least half a pixel.
    /// </summary>
    public static IReadOnlyList<SnowLayer> All { get; } =
    [
        new(1500, 0.45, 1.1, 0.30, 0.75, 0.9, 0),
        new(620, 0.9, 2.0, 0.55, 0.95, 0.7, 2),
        new(100, 2.0, 4.2, 0.45, 0.85, 0.8, 3),
        new(16, 5, 10, 0.20, 0.40, 0.95, 2),
    ];
}
