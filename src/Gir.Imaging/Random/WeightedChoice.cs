namespace Gir.Imaging.Random;

/// <summary>Draws places of a list, each as often as its weight says.</summary>
internal sealed class WeightedChoice
{
    private readonly double[] _ends;

    /// <summary>Sums the weights up.</summary>
    /// <param name="weights">At least one, none below 0, one above.</param>
    public WeightedChoice(IEnumerable<double> weights)
    {
        double sum = 0;
        _ends = [.. weights.Select(w => sum += w)];
    }

    /// <summary>The sum of all weights.</summary>
    public double Total => _ends[^1];

    /// <summary>A place, from 0.</summary>
    public int Draw(PhiloxRandom random)
    {
        double place = random.NextDouble() * Total;
        int index = Array.FindIndex(_ends, end => place < end);
        // Rounding may reach the very end.
        return index < 0 ? _ends.Length - 1 : index;
    }
}
