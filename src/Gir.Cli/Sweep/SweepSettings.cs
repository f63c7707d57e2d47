using Gir.Cli.Evaluate;

namespace Gir.Cli.Sweep;

/// <summary>The command line.</summary>
/// <param name="Text">What is swept.</param>
/// <param name="Evaluation">Images, restorers, metrics and the like, as "evaluate" has them.</param>
/// <param name="Format">"table", "json" or "csv".</param>
/// <param name="Chart">The SVG file, or null.</param>
internal sealed record SweepSettings(string Text, EvaluateSettings Evaluation, string Format, string? Chart);
