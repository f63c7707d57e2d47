namespace Gir.Metrics;

/// <summary>A metric's value, which means nothing without the convention it was computed by.</summary>
/// <param name="Metric">The metric's name, e.g. "psnr".</param>
/// <param name="Value">The value, in the unit the metric states.</param>
/// <param name="Convention">Color, crop, range and variant in words, e.g. "RGB, no crop, range 1".</param>
/// <param name="HigherIsBetter">The direction; false as well where <see cref="ZeroIsBest"/>.</param>
public readonly record struct MetricScore(string Metric, double Value, string Convention, bool HigherIsBetter)
{
    /// <summary>The model that the score depends on, e.g. which NIQE model; null where there is none.</summary>
    public string? Model { get; init; }

    /// <summary>Whether 0 is best and a value on either side of it a fault, of opposite signs; default false.</summary>
    public bool ZeroIsBest { get; init; }
}
