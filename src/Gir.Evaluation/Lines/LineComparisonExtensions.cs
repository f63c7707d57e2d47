namespace Gir.Evaluation.Lines;

internal static class LineComparisonExtensions
{
    public static bool Reaches(this LineComparison comparison, double value, double line) =>
        comparison == LineComparison.Strict ? value > line : value >= line;

    public static string Symbol(this LineComparison comparison) => comparison == LineComparison.Strict ? ">" : ">=";
}
