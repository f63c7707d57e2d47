namespace Gir.Metrics.Analysis;

/// <summary>A value and its confidence interval.</summary>
/// <param name="Value">The value over everything that was measured.</param>
/// <param name="Low">Lower end of the interval; null where there is none (a single image or scene says nothing about the spread).</param>
/// <param name="High">Upper end of the interval.</param>
public sealed record Estimate(double Value, double? Low = null, double? High = null);
