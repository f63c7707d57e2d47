using Gir.Evaluation.Lines;

namespace Gir.Evaluation.Generality;

/// <summary>The two rates of the GIR paper: AR (Eq. 5) and ER (Eq. 6).</summary>
public static class GeneralityRates
{
    /// <summary>The acceptance rate: the fraction of tasks whose mean PSNR reaches the acceptance line.</summary>
    /// <param name="psnr">Mean PSNR of every task in dB, at least one; NaN reaches no line.</param>
    /// <param name="lines">The tasks' lines, in the same order.</param>
    /// <param name="comparison">What reaching means.</param>
    /// <returns>0..1.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there is no task.</exception>
    public static double Acceptance(
        ReadOnlySpan<double> psnr, ReadOnlySpan<QualityLine> lines, LineComparison comparison = LineComparison.AtLeast)
    {
        Check(psnr, lines);
        int reached = 0;
        for (int i = 0; i < psnr.Length; i++)
            reached += comparison.Reaches(psnr[i], lines[i].Acceptance) ? 1 : 0;
        return (double)reached / psnr.Length;
    }

    /// <summary>The excellence rate: the fraction of tasks whose mean PSNR reaches the excellence line.</summary>
    /// <param name="psnr">Mean PSNR of every task in dB, at least one; NaN reaches no line.</param>
    /// <param name="lines">The tasks' lines, in the same order.</param>
    /// <param name="comparison">What reaching means.</param>
    /// <returns>0..1.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there is no task.</exception>
    public static double Excellence(
        ReadOnlySpan<double> psnr, ReadOnlySpan<QualityLine> lines, LineComparison comparison = LineComparison.AtLeast)
    {
        Check(psnr, lines);
        int reached = 0;
        for (int i = 0; i < psnr.Length; i++)
            reached += comparison.Reaches(psnr[i], lines[i].Excellence) ? 1 : 0;
        return (double)reached / psnr.Length;
    }

    private static void Check(ReadOnlySpan<double> psnr, ReadOnlySpan<QualityLine> lines)
    {
        if (psnr.IsEmpty)
            throw new ArgumentException("A rate needs at least one task.", nameof(psnr));
        if (psnr.Length != lines.Length)
            throw new ArgumentException($"{psnr.Length} tasks have {lines.Length} lines.", nameof(lines));
    }
}
