namespace Gir.Evaluation.Gates;

/// <summary>What a gate asks of a single task; at least one of the two bounds is given.</summary>
/// <param name="Pipeline">The task's degradations as an expression, for a task that is not among the gate's own; else null.</param>
/// <param name="Psnr">Least mean PSNR of the restored images, dB; null: not asked for.</param>
/// <param name="Gain">Least mean gain in PSNR over the degraded images, dB; null: not asked for.</param>
public sealed record GateLine(string? Pipeline = null, double? Psnr = null, double? Gain = null);
