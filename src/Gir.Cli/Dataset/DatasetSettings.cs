using Gir.Cli.Evaluate;

namespace Gir.Cli.Dataset;

/// <summary>The command line of both "create" and "build".</summary>
/// <param name="Photographs">The clean images, as "evaluate" finds them.</param>
/// <param name="Manifest">The set's file, written by one and read by the other.</param>
internal sealed record DatasetSettings(EvaluateSettings Photographs, string Manifest);
