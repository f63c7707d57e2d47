namespace Gir.Models.Onnx.Recording;

/// <summary>
/// Finds the formula behind a whole number that was seen for several sizes of the input. What a network can make of a size is known: its multiples and
/// parts, products of those of several dimensions, the size rounded up to whole windows (in one dimension, or to a square), and what is missing to that.
/// </summary>
/// <param name="sizes">The sizes; diverse ones, lest a wrong formula fit.</param>
internal sealed class SizeFitter(IReadOnlyList<ProbeSize> sizes)
{
    // Larger than any window, or product of strides, that a network has.
    private const int LargestMultiple = 512;

    private readonly Dictionary<string, SizeFormula?> _found = new(StringComparer.Ordinal);

    /// <summary>The simplest formula that gives these numbers; null where there is none.</summary>
    public SizeFormula? Fit(long[] seen)
    {
        string key = string.Join(' ', seen);
        if (!_found.TryGetValue(key, out SizeFormula? formula))
            _found[key] = formula = Candidates(seen).FirstOrDefault(f => Gives(f, seen));
        return formula;
    }

    private static IEnumerable<(SizeFormula Height, SizeFormula Width, int Multiple)> Bases()
    {
        yield return (SizeFormula.Height, SizeFormula.Width, 1);
        for (int m = 2; m <= LargestMultiple; m++)
            yield return (SizeFormula.RoundUp(SizeFormula.Height, m), SizeFormula.RoundUp(SizeFormula.Width, m), m);
        for (int m = 2; m <= LargestMultiple; m++)
        {
            SizeFormula side = SizeFormula.RoundUp(SizeFormula.Max(SizeFormula.Height, SizeFormula.Width), m);
            yield return (side, side, m);
        }
    }

    private IEnumerable<SizeFormula?> Candidates(long[] seen)
    {
        if (seen.All(v => v == seen[0]))
        {
            yield return seen[0];
            yield break;
        }

        foreach ((SizeFormula height, SizeFormula width, int multiple) in Bases())
        {
            foreach (SizeFormula product in new[] { height, width, height * width })
            {
                yield return Multiple(product, seen);
                yield return Multiple(SizeFormula.Batch * product, seen);
            }

            if (height == SizeFormula.Height)
                yield return Multiple(SizeFormula.Batch, seen);
            yield return Shifted(height, multiple, seen);
            yield return Shifted(width, multiple, seen);
            foreach (SizeFormula missing in new[] { height - SizeFormula.Height, width - SizeFormula.Width })
            {
                // The halves of what is missing, when the image goes into the middle.
                yield return missing;
                yield return missing / 2;
                yield return missing - (missing / 2);
            }
        }
    }

    private bool Gives(SizeFormula? formula, long[] seen)
    {
        if (formula is null)
            return false;
        for (int i = 0; i < seen.Length; i++)
        {
            if (formula.Of(sizes[i]) != seen[i])
                return false;
        }

        return true;
    }

    /// <summary>A multiple or a part of a number that divides it.</summary>
    private SizeFormula? Multiple(SizeFormula formula, long[] seen)
    {
        long of = formula.Of(sizes[0]);
        if (of <= 0 || seen[0] <= 0)
            return null;
        long divisor = Gcd(of, seen[0]);
        (long factor, long part) = (seen[0] / divisor, of / divisor);
        for (int i = 0; i < seen.Length; i++)
        {
            if (formula.Of(sizes[i]) * factor != seen[i] * part)
                return null;
        }

        return formula * factor / part;
    }

    /// <summary>
    /// A multiple of a number, or its half, quarter, .. where it divides so, and something more or less. No other parts: the windows of an image and some more are what
    /// no network counts, and among so many formulas one would nearly always fit.
    /// </summary>
    private SizeFormula? Shifted(SizeFormula formula, int multiple, long[] seen)
    {
        int other = Enumerable.Range(1, seen.Length - 1).FirstOrDefault(i => formula.Of(sizes[i]) != formula.Of(sizes[0]));
        if (other == 0)
            return null;
        (long run, long rise) = (formula.Of(sizes[other]) - formula.Of(sizes[0]), seen[other] - seen[0]);
        if (run < 0)
            (run, rise) = (-run, -rise);
        if (rise <= 0)
            return null;
        long divisor = Gcd(run, rise);
        (run, rise) = (run / divisor, rise / divisor);
        if (!long.IsPow2(run) || multiple % run != 0)
            return null;
        SizeFormula scaled = formula * rise / run;
        long more = seen[0] - scaled.Of(sizes[0]);
        return more < 0 ? scaled - -more : scaled + more;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
