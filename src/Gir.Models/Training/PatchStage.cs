namespace Gir.Models.Training;

/// <summary>
/// The part of a training that sees patches of another size than its end: progressive learning (Zamir et al., "Restormer", CVPR 2022, section 3.3), many small
/// patches first, few large ones last.
/// </summary>
/// <param name="Until">The first step that is no part of it any more; it begins where the stage before it ends, or at 0.</param>
/// <param name="PatchSize">Height and width of a patch.</param>
/// <param name="BatchSize">Patches per step.</param>
public sealed record PatchStage(long Until, int PatchSize, int BatchSize);
