using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;

namespace Gir.Evaluation.Published;

/// <summary>A model of the GIR paper.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class PublishedModel
{
    private const int Representative = 50;
    private const int TasksPerOrder = 10;

    private readonly double[] _psnr;
    private readonly QualityLine[] _lines;

    internal PublishedModel(string name, double[] psnr, QualityLine[] lines, string? note)
    {
        Name = name;
        Note = note;
        _psnr = psnr;
        _lines = lines;
    }

    /// <summary>The model's name, e.g. "Restormer" or "patch-256".</summary>
    public string Name { get; }

    /// <summary>What is to be said of the numbers wherever they are shown, in a sentence; null: nothing.</summary>
    public string? Note { get; }

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
        IReadOnlyList<TaskSubset> halves = Subsets(comparison).By(t => [t < Representative ? "representative" : "random"]);
        return TaskSubsets.Gap(halves[0], halves[1]);
    }

    /// <summary>By order k, over the 100 tasks: both halves hold ten tasks of each order.</summary>
    public IReadOnlyList<TaskSubset> ByOrder(LineComparison comparison = LineComparison.AtLeast) =>
        Subsets(comparison).ByOrder(t => (t % Representative / TasksPerOrder) + 1);

    /// <summary>By operator, over the representative tasks; the paper does not print the operators of the random ones.</summary>
    public IReadOnlyList<TaskSubset> ByOperator(LineComparison comparison = LineComparison.AtLeast) =>
        Subsets(comparison).By(t => t < Representative ? RepresentativeTasks.All[t].Pipeline.Operators.Select(o => o.Name) : []);

    private TaskSubsets Subsets(LineComparison comparison) => new(_psnr, [.. _lines.Select(l => (QualityLine?)l)], comparison);
}
