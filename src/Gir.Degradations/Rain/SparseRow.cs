namespace Gir.Degradations.Rain;

/// <summary>One row of a mostly empty image: the columns that are not zero, ascending, and their values.</summary>
/// <param name="Columns">Columns, each once.</param>
/// <param name="Values">As many values.</param>
internal readonly record struct SparseRow(int[] Columns, double[] Values)
{
    public static SparseRow Empty { get; } = new([], []);
}
