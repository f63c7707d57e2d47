namespace Gir.Metrics.Analysis;

/// <summary>
/// Counts the pairs of two series that agree, in n log n (Knight, "A Computer Method for Calculating Kendall's Tau with Ungrouped Data", JASA 1966): sorted by x, a
/// merge sort by y makes one exchange for each pair that disagrees.
/// </summary>
internal readonly struct KendallPairs
{
    /// <summary>Pairs that agree less pairs that disagree.</summary>
    public readonly long Difference;

    /// <summary>Pairs that differ in x.</summary>
    public readonly long DifferInX;

    /// <summary>Pairs that differ in y.</summary>
    public readonly long DifferInY;

    public KendallPairs(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        (double X, double Y)[] pairs = new (double, double)[x.Length];
        for (int i = 0; i < pairs.Length; i++)
            pairs[i] = (x[i], y[i]);
        System.Array.Sort(pairs);
        long tiesX = Ties(pairs, (a, b) => a.X == b.X);
        long tiesBoth = Ties(pairs, (a, b) => a == b);
        double[] byX = System.Array.ConvertAll(pairs, p => p.Y);
        long exchanges = SortCounting(byX, new double[byX.Length]);
        long tiesY = 0;
        for (int start = 0, end; start < byX.Length; start = end)
        {
            end = start + 1;
            while (end < byX.Length && byX[end] == byX[start])
                end++;
            tiesY += PairsOf(end - start);
        }

        long all = PairsOf(x.Length);
        (DifferInX, DifferInY) = (all - tiesX, all - tiesY);
        // What differs in both either agrees or was exchanged.
        Difference = all - tiesX - tiesY + tiesBoth - (2 * exchanges);
    }

    /// <summary>Tau-b; NaN where a series is constant.</summary>
    public double TauB => Difference / (Math.Sqrt(DifferInX) * Math.Sqrt(DifferInY));

    private static long PairsOf(long count) => count * (count - 1) / 2;

    private static long Ties((double X, double Y)[] sorted, Func<(double X, double Y), (double X, double Y), bool> same)
    {
        long ties = 0;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && same(sorted[start], sorted[end]))
                end++;
            ties += PairsOf(end - start);
        }

        return ties;
    }

    private static long SortCounting(Span<double> values, Span<double> scratch)
    {
        if (values.Length < 2)
            return 0;
        int half = values.Length / 2;
        long exchanges = SortCounting(values[..half], scratch[..half]) + SortCounting(values[half..], scratch[half..]);
        values.CopyTo(scratch);
        for (int i = 0, left = 0, right = half; i < values.Length; i++)
        {
            if (right == values.Length || (left < half && scratch[left] <= scratch[right]))
            {
                values[i] = scratch[left++];
            }
            else
            {
                values[i] = scratch[right++];
                exchanges += half - left;
            }
        }

        return exchanges;
    }
}
