using System.Text.Json.Serialization;

namespace Gir.Evaluation.Lines;

/// <summary>The two qualities that a task's mean PSNR is held against (GIR paper, Eq. 5 and 6).</summary>
/// <param name="Acceptance">Mean PSNR in dB from which a restoration is acceptable.</param>
/// <param name="Excellence">Mean PSNR in dB from which it is excellent; not below <paramref name="Acceptance"/>.</param>
public readonly record struct QualityLine([property: JsonRequired] double Acceptance, [property: JsonRequired] double Excellence);

/// <summary>How a task's mean PSNR must compare with a line to reach it.</summary>
public enum LineComparison
{
    /// <summary>At least the line: <c>&gt;=</c>, as Eq. 5 and 6 of the GIR paper print it. The default.</summary>
    AtLeast,

    /// <summary>More than the line: <c>&gt;</c>, which gives some of the rates that the paper's tables print.</summary>
    Strict,
}
