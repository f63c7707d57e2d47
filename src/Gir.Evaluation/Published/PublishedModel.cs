using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;

namespace Gir.Evaluation.Published;

/// <summary>A model of the GIR paper.</summary>
public sealed class PublishedModel
{
    private const int Representative = 50;
    private readonly double[] _psnr;
    private readonly QualityLine[] _lines;

    internal PublishedModel(string name, double[] psnr, QualityLine[] lines)
    {
        Name = name;
        _psnr = psnr;
        _lines = lines;
    }

    /// <summary>The model's name, e.g. "Restormer" or "patch-256".</summary>
    public string Name { get; }

    /// <summary>Mean PSNR on every task in dB, in the order of <see cref="PublishedResults.TaskIds"/>.</summary>
    public IReadOnlyList<double> Psnr => _psnr;

    /// <summary>Mean over the tasks, dB.</summary>
    public double AveragePsnr => _psnr.Average();

    /// <summary>AR over the 100 tasks, 0..1.</summary>
    public double AcceptanceRate(LineComparison comparison = LineComparison.AtLeast) => GeneralityRates.Acceptance(_psnr, _lines, comparison);

    /// <summary>ER over the 100 tasks, 0..1.</summary>
    public double ExcellenceRate(LineComparison comparison = LineComparison.AtLeast) => GeneralityRates.Excellence(_psnr, _lines, comparison);

    /// <summary>What is lost from the 50 representative tasks to the 50 random ones.</summary>
    public CrossValidationGap Gap(LineComparison comparison = LineComparison.AtLeast)
    {
        (double[] nearPsnr, double[] farPsnr) = (_psnr[..Representative], _psnr[Representative..]);
        (QualityLine[] nearLines, QualityLine[] farLines) = (_lines[..Representative], _lines[Representative..]);
        return new CrossValidationGap(
            GeneralityRates.Acceptance(nearPsnr, nearLines, comparison) - GeneralityRates.Acceptance(farPsnr, farLines, comparison),
            GeneralityRates.Excellence(nearPsnr, nearLines, comparison) - GeneralityRates.Excellence(farPsnr, farLines, comparison),
            nearPsnr.Average() - farPsnr.Average(),
            Margin(nearPsnr, nearLines) - Margin(farPsnr, farLines));
    }

    private static double Margin(double[] psnr, QualityLine[] lines) => psnr.Zip(lines, (p, l) => p - l.Acceptance).Average();
}
